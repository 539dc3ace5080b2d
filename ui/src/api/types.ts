/** The shapes of the API, under the names the console uses. */

import type { Assistant as FullAssistant, Citation as FullCitation } from "./generated";

export type {
  Assistant,
  AssistantPage,
  AuthState,
  Chunk,
  Document,
  DocumentPage,
  Job,
  Key as ApiKey,
  KeyBody,
  KeyCreated as NewApiKey,
  Message,
  Passage,
  Retrieved as Retrieval,
  SignedIn,
  Source,
  User,
  Version as AssistantVersion,
} from "./generated";

/** While an answer is being written its sources have no quotes yet. */
export type Citation = Omit<FullCitation, "quote"> & { quote?: string | null };

/** Where in a document something stands. */
export type Place = Pick<FullCitation, "page" | "heading" | "sheet" | "cells">;

export type Look = FullAssistant["widget"];
