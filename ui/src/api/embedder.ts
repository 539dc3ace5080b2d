import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";

/** How often the right passage came first, or among the first five, before and after. */
export interface Comparison {
  questions: number;
  recall_at_1_before: number;
  recall_at_1_after: number;
  recall_at_5_before: number;
  recall_at_5_after: number;
}

export interface EmbedderChange {
  id: string;
  model: string;
  state: "building" | "comparing" | "ready" | "switched" | "failed" | "cancelled";
  progress: number;
  comparison: Comparison | null;
  job_id: string | null;
}

interface Embedder {
  model: string;
  fingerprint: string;
}

export interface EmbedderState {
  active: Embedder;
  previous: Embedder | null;
  change: EmbedderChange | null;
}

const key = ["embedder"] as const;

export function isRunning(change: EmbedderChange | null | undefined): boolean {
  return change?.state === "building" || change?.state === "comparing";
}

/** The model that finds passages, the one before it, and the change that is under way. */
export function useEmbedder() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call<EmbedderState>("GET", "/v1/embedder", { signal }),
    refetchInterval: ({ state }) => (isRunning(state.data?.change) ? 1_500 : false),
  });
}

export function useEmbedderActions() {
  const queries = useQueryClient();
  const onSettled = async () => {
    void queries.invalidateQueries({ queryKey: ["jobs"] });
    void queries.invalidateQueries({ queryKey: ["models"] });
    await queries.invalidateQueries({ queryKey: key });
  };
  const begin = useMutation({
    mutationFn: (model: string) =>
      call<unknown>("POST", "/v1/embedder/changes", { body: { model } }),
    onSettled,
  });
  const turn = useMutation({
    mutationFn: (id: string) =>
      call<unknown>("POST", "/v1/embedder/changes/{id}/switch", { path: { id } }),
    onSettled,
  });
  const drop = useMutation({
    mutationFn: (id: string) =>
      call<unknown>("DELETE", "/v1/embedder/changes/{id}", { path: { id } }),
    onSettled,
  });
  const back = useMutation({
    mutationFn: () => call<unknown>("POST", "/v1/embedder/back"),
    onSettled,
  });
  return { begin, turn, drop, back };
}
