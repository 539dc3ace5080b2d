import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type ImportBody,
  type Model,
  type ModelJob,
  modelsConvert,
  modelsDefault,
  modelsDownload,
  modelsIncoming,
  modelsLoad,
  modelsLocal,
  modelsMachine,
  modelsMeasure,
  modelsRemove,
  modelsTakeIn,
  modelsUnload,
  modelsVerify,
  providersChoices,
} from "./generated";
import { got } from "./http";

export type {
  Machine,
  Model as LocalModel,
  ModelChoice as Choice,
  ModelConversion as Conversion,
  ModelJob,
  ModelQueue as QueueOfModel,
} from "./generated";

export type ModelRole = Model["role"];

const keys = {
  all: ["models"] as const,
  list: ["models", "list"] as const,
  machine: ["models", "machine"] as const,
  incoming: ["models", "incoming"] as const,
  choices: ["models", "choices"] as const,
};

export function isWorking(job: Pick<ModelJob, "status"> | null): boolean {
  return job?.status === "waiting" || job?.status === "running";
}

export function isMoving(model: Model): boolean {
  return model.state === "loading" || isWorking(model.job);
}

export function useModels() {
  return useQuery({
    queryKey: keys.list,
    queryFn: ({ signal }) => got(modelsLocal({ signal })),
    select: (page) => page.data,
    // Loading takes seconds; its end should be seen without a reload.
    refetchInterval: ({ state }) => (state.data?.data.some(isMoving) ? 1_500 : 10_000),
  });
}

/** What the machine has and who is waiting; only for those who run it. */
export function useMachine() {
  return useQuery({
    queryKey: keys.machine,
    queryFn: ({ signal }) => got(modelsMachine({ signal })),
    refetchInterval: ({ state }) => (state.status === "error" ? false : 2_500),
  });
}

export function useIncoming() {
  return useQuery({
    queryKey: keys.incoming,
    queryFn: ({ signal }) => got(modelsIncoming({ signal })),
    refetchInterval: 4_000, // a stick may be plugged in while one looks
  });
}

export function useChoices() {
  return useQuery({
    queryKey: keys.choices,
    queryFn: ({ signal }) => got(providersChoices({ signal })),
    select: (page) => page.data,
  });
}

function refreshed(queries: QueryClient): Promise<void> {
  void queries.invalidateQueries({ queryKey: ["jobs"] });
  return queries.invalidateQueries({ queryKey: keys.all });
}

const works = {
  download: modelsDownload,
  benchmark: modelsMeasure,
  convert: modelsConvert,
  verify: modelsVerify,
};

export type Work = keyof typeof works;

const at = (name: string) => ({ path: { name } });

/** Everything that can be done to a model. What takes long becomes a job. */
export function useModelActions() {
  const queries = useQueryClient();
  const onSettled = () => refreshed(queries);
  const work = useMutation({
    mutationFn: ({ name, what }: { name: string; what: Work }) => got(works[what](at(name))),
    onSettled,
  });
  const load = useMutation({
    mutationFn: ({ name, on }: { name: string; on: boolean }) =>
      got(on ? modelsLoad(at(name)) : modelsUnload(at(name))),
    onSettled,
  });
  const choose = useMutation({
    mutationFn: (name: string) => got(modelsDefault({ body: { role: "language", name } })),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (name: string) => got(modelsRemove(at(name))),
    onSettled,
  });
  return { work, load, choose, remove };
}

export function useImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ImportBody) => got(modelsTakeIn({ body })),
    onSettled: () => refreshed(queries),
  });
}

/** For a job that has ended: what it was about has changed. */
export function useRefreshModels(): () => void {
  const queries = useQueryClient();
  return () => void refreshed(queries);
}
