import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type AssistantPatch,
  assistantsChange,
  assistantsCreate,
  assistantsListed,
  assistantsRefusedOrigins,
  assistantsRemove,
  assistantsRestore,
  assistantsShow,
  assistantsVersions,
  retrievalRetrieve,
} from "./generated";
import { got } from "./http";
import type { Assistant } from "./types";

/** Work beside the answers, for which an assistant may use another model. */
export type Uses = Assistant["llm"]["uses"];

/** The part of an assistant that a person may change. */
export type AssistantDraft = Pick<
  Assistant,
  | "name"
  | "description"
  | "instructions"
  | "tone"
  | "llm"
  | "answers"
  | "knowledge"
  | "security"
  | "widget"
>;

const keys = {
  all: ["assistants"] as const,
  list: (query: object) => ["assistants", "list", query] as const,
  one: (id: string) => ["assistants", "one", id] as const,
  versions: (id: string) => ["assistants", "one", id, "versions"] as const,
  refused: (id: string) => ["assistants", "one", id, "refused"] as const,
};

const at = (id: string) => ({ assistant_id: id });

export function useAssistants({ archived = false } = {}) {
  const query = { archived, limit: 100 };
  return useQuery({
    queryKey: keys.list(query),
    queryFn: ({ signal }) => got(assistantsListed({ query, signal })),
    select: (page) => page.data,
  });
}

export function useAssistant(id: string) {
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => got(assistantsShow({ path: at(id), signal })),
  });
}

/** The lists are asked for again; the assistant itself is already known. */
function settle(queries: QueryClient, assistant: Assistant): Promise<void> {
  queries.setQueryData(keys.one(assistant.id), assistant);
  void queries.invalidateQueries({ queryKey: keys.versions(assistant.id) });
  return queries.invalidateQueries({ queryKey: ["assistants", "list"] });
}

export function useCreateAssistant() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; description?: string }) => got(assistantsCreate({ body })),
    onSuccess: (assistant) => settle(queries, assistant),
  });
}

export function useChangeAssistant(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AssistantPatch) => got(assistantsChange({ path: at(id), body })),
    onSuccess: (assistant) => settle(queries, assistant),
  });
}

/** Archiving can be taken back; purging cannot. */
export function useArchiving() {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: keys.all });
  const archive = useMutation({
    mutationFn: (id: string) => got(assistantsRemove({ path: at(id) })),
    onSuccess: refresh,
  });
  const restore = useMutation({
    mutationFn: (id: string) => got(assistantsChange({ path: at(id), body: { archived: false } })),
    onSuccess: refresh,
  });
  const purge = useMutation({
    mutationFn: (id: string) => got(assistantsRemove({ path: at(id), query: { purge: true } })),
    onSuccess: refresh,
  });
  return { archive, restore, purge };
}

export function useVersions(id: string) {
  return useQuery({
    queryKey: keys.versions(id),
    queryFn: ({ signal }) =>
      got(assistantsVersions({ path: at(id), query: { limit: 100 }, signal })),
    select: (page) => page.data,
  });
}

export function useRestoreVersion(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (number: number) => got(assistantsRestore({ path: { ...at(id), number } })),
    onSuccess: (assistant) => settle(queries, assistant),
  });
}

/** Sites whose visitors were turned away lately. */
export function useRefusedOrigins(id: string) {
  return useQuery({
    queryKey: keys.refused(id),
    queryFn: ({ signal }) => got(assistantsRefusedOrigins({ path: at(id), signal })),
    select: (page) => page.data,
    refetchInterval: 10_000,
  });
}

export function useRetrieve(id: string) {
  return useMutation({
    mutationFn: (body: { query: string; k: number }) =>
      got(retrievalRetrieve({ path: at(id), body })),
  });
}
