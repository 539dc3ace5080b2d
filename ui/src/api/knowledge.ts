import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  documentsChange,
  documentsListed,
  documentsPassages,
  documentsRemove,
  documentsShow,
  knowledgeAdd,
  knowledgeSync,
} from "./generated";
import { got } from "./http";
import type { Document, DocumentPage, Source } from "./types";
import { type Sending, send } from "./upload";

export interface DocumentFilter {
  assistant_id: string;
  q?: string;
  status?: Document["status"];
}

const keys = {
  all: ["documents"] as const,
  list: (filter: DocumentFilter) => ["documents", "list", filter] as const,
  one: (id: string) => ["documents", "one", id] as const,
  passages: (id: string, asOf: string) => ["documents", "one", id, "passages", asOf] as const,
};

const at = (id: string) => ({ document_id: id });

function address(id: string): string {
  return `/v1/documents/${encodeURIComponent(id)}`;
}

export function originalAddress(document: { id: string }): string {
  return `${address(document.id)}/original`;
}

export function isMoving(document: Document): boolean {
  return document.status === "queued" || document.status === "processing";
}

type Pages = InfiniteData<DocumentPage>;

/** An assistant's documents; watched closely while any of them is being read. */
export function useDocuments(filter: DocumentFilter) {
  return useInfiniteQuery({
    queryKey: keys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      got(documentsListed({ query: { ...filter, limit: 50, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => {
      const pages = (state.data as Pages | undefined)?.pages ?? [];
      return pages.some((page) => page.data.some(isMoving)) ? 1_000 : false;
    },
    enabled: filter.assistant_id !== "",
  });
}

export function useDocument(id: string | null) {
  return useQuery({
    queryKey: keys.one(id ?? ""),
    queryFn: ({ signal }) => got(documentsShow({ path: at(id ?? ""), signal })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? 1_000 : false),
  });
}

/** A document's passages; other ones once it has been read again. */
export function usePassages({ id, status, updated_at }: Document) {
  return useInfiniteQuery({
    queryKey: keys.passages(id, `${status} ${updated_at}`),
    queryFn: ({ pageParam, signal }) =>
      got(documentsPassages({ path: at(id), query: { limit: 50, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Everything that can be done to a document; each refreshes the lists it is in. */
export function useDocumentActions() {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: keys.all });
  const enable = useMutation({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      got(documentsChange({ path: at(id), body: { enabled } })),
    onMutate: ({ id, enabled }) =>
      queries.setQueriesData<Pages>({ queryKey: ["documents", "list"] }, (pages) =>
        changed(pages, id, { enabled }),
      ),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (id: string) => got(documentsRemove({ path: at(id) })),
    onSettled: refresh,
  });
  const readAgain = useMutation({
    mutationFn: (sourceId: string) => got(knowledgeSync({ path: { source_id: sourceId } })),
    onSettled: refresh,
  });
  return { enable, remove, readAgain, refresh };
}

function changed(pages: Pages | undefined, id: string, change: Partial<Document>) {
  if (!pages) return pages;
  const touch = (one: Document) => (one.id === id ? { ...one, ...change } : one);
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, data: page.data.map(touch) })) };
}

export function useAddText() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { assistant_id: string; name: string; content: string }) =>
      got(knowledgeAdd({ body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.all }),
  });
}

interface Outgoing {
  file: File;
  assistantId: string;
  replaces: string | null;
}

interface Accepted {
  /** False when the very same file was there already. `since`: when it was sent. */
  isNew(since: number): boolean;
}

const SKEW = 5_000; // milliseconds the two clocks may disagree

/** Sends one file: a new one, or the new content of a document. */
export function sendFile(
  { file, assistantId, replaces }: Outgoing,
  onProgress: (fraction: number) => void,
): Sending<Accepted> {
  const form = new FormData();
  if (!replaces) form.append("assistant_id", assistantId);
  form.append("file", file, file.name);
  const sending = replaces
    ? send<unknown>("PUT", address(replaces), form, onProgress)
    : send<Source>("POST", "/v1/knowledge-sources", form, onProgress);
  const accepted = (body: unknown): Accepted => {
    const made = replaces ? undefined : (body as Source).documents[0]?.created_at;
    return { isNew: (since) => !made || new Date(made).getTime() > since - SKEW };
  };
  return { done: sending.done.then(accepted), cancel: sending.cancel };
}
