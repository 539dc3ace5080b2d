import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";

export type ModelRole = "language" | "embedding" | "reranker";

/** How fast a model is on this machine, and the figures behind the word. */
export interface Benchmark {
  verdict: "fast" | "fine" | "slow";
  prefill_tokens_per_second: number;
  generation_tokens_per_second: number;
  generation_tokens_per_second_4: number | null; // four answers at once, together
  threads: number | null;
  measured_at: string | null;
}

export interface Conversion {
  quantisation: string;
  size: number | null;
  prefill_gain: number | null; // 2.1: reads 2.1 times as fast
}

export interface ModelJob {
  id: string;
  status: "waiting" | "running" | "done" | "failed" | "cancelled";
  progress: number;
  step: string;
}

export interface LocalModel {
  name: string;
  title?: string;
  role: ModelRole;
  family: string;
  parameters: string;
  quantisation: string;
  size: number;
  context_tokens?: number | null;
  licence: string;
  source?: string;
  memory_mb?: number | null;
  installed: boolean;
  imported?: boolean;
  verified: boolean | null;
  state: "stopped" | "loading" | "ready" | "failed";
  resident_mb?: number | null;
  default: boolean;
  advice: string;
  fits?: "yes" | "tight" | "no";
  downloadable?: boolean;
  benchmark?: Benchmark | null;
  conversion?: Conversion | null;
  job?: ModelJob | null;
}

export interface QueueOfModel {
  model: string;
  running: number;
  waiting: number;
  slots: number;
}

export interface Machine {
  memory_total_mb: number;
  memory_available_mb: number;
  memory_models_mb: number;
  disk_free_mb: number;
  cores: number;
  cpu: string;
  downloads_allowed: boolean;
  queue: QueueOfModel[];
}

export interface Incoming {
  folder: string;
  data: { file: string; size: number; kind: "gguf" | "folder" }[];
}

/** A model an assistant may use, here or at a provider. */
export interface Choice {
  name: string;
  title: string;
  engine: string; // "local", or the kind of provider
  leaves_the_box: boolean;
  available: boolean;
}

const keys = {
  all: ["models"] as const,
  list: ["models", "list"] as const,
  machine: ["models", "machine"] as const,
  incoming: ["models", "incoming"] as const,
  choices: ["models", "choices"] as const,
};

export function isWorking(job: ModelJob | null | undefined): job is ModelJob {
  return job?.status === "waiting" || job?.status === "running";
}

export function isMoving(model: LocalModel): boolean {
  return model.state === "loading" || isWorking(model.job);
}

export function useModels() {
  return useQuery({
    queryKey: keys.list,
    queryFn: ({ signal }) => call<{ data: LocalModel[] }>("GET", "/v1/models/local", { signal }),
    select: (page) => page.data,
    // Loading takes seconds; its end should be seen without a reload.
    refetchInterval: ({ state }) => (state.data?.data.some(isMoving) ? 1_500 : 10_000),
  });
}

/** What the machine has and who is waiting; only for those who run it. */
export function useMachine() {
  return useQuery({
    queryKey: keys.machine,
    queryFn: ({ signal }) => call<Machine>("GET", "/v1/models/machine", { signal }),
    refetchInterval: ({ state }) => (state.status === "error" ? false : 2_500),
  });
}

export function useIncoming() {
  return useQuery({
    queryKey: keys.incoming,
    queryFn: ({ signal }) => call<Incoming>("GET", "/v1/models/incoming", { signal }),
    refetchInterval: 4_000, // a stick may be plugged in while one looks
  });
}

export function useChoices() {
  return useQuery({
    queryKey: keys.choices,
    queryFn: ({ signal }) => call<{ data: Choice[] }>("GET", "/v1/models/choices", { signal }),
    select: (page) => page.data,
  });
}

function refreshed(queries: QueryClient): Promise<void> {
  void queries.invalidateQueries({ queryKey: ["jobs"] });
  return queries.invalidateQueries({ queryKey: keys.all });
}

export type Work = "download" | "benchmark" | "convert" | "verify";

/** Everything that can be done to a model. What takes long becomes a job. */
export function useModelActions() {
  const queries = useQueryClient();
  const onSettled = () => refreshed(queries);
  const at = (name: string) => ({ path: { name } });
  const work = useMutation({
    mutationFn: ({ name, what }: { name: string; what: Work }) =>
      call<{ job_id: string }>("POST", `/v1/models/local/{name}/${what}`, at(name)),
    onSettled,
  });
  const load = useMutation({
    mutationFn: ({ name, on }: { name: string; on: boolean }) =>
      call<LocalModel>("POST", `/v1/models/local/{name}/${on ? "load" : "unload"}`, at(name)),
    onSettled,
  });
  const choose = useMutation({
    mutationFn: (body: { role: ModelRole; name: string }) =>
      call<unknown>("PUT", "/v1/models/default", { body }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (name: string) => call<void>("DELETE", "/v1/models/local/{name}", at(name)),
    onSettled,
  });
  return { work, load, choose, remove };
}

export function useImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { path: string; link: boolean }) =>
      call<{ job_id: string }>("POST", "/v1/models/local/import", { body }),
    onSettled: () => refreshed(queries),
  });
}

/** For a job that has ended: what it was about has changed. */
export function useRefreshModels(): () => void {
  const queries = useQueryClient();
  return () => void refreshed(queries);
}
