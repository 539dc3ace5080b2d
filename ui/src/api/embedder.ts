import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type Embedder,
  type EmbedderChange,
  embedderBack,
  embedderBegin,
  embedderDiscard,
  embedderShow,
  embedderSwitch,
} from "./generated";
import { got } from "./http";

export type { Comparison, Embedder as EmbedderState, EmbedderChange } from "./generated";

const key = ["embedder"] as const;

export function isRunning(change: EmbedderChange | null | undefined): boolean {
  return change?.state === "building" || change?.state === "comparing";
}

/** The model that finds passages, the one before it, and the change that is under way. */
export function useEmbedder() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => got(embedderShow({ signal })),
    refetchInterval: ({ state }) => (isRunning(state.data?.change) ? 1_500 : false),
  });
}

const at = (change_id: string) => ({ path: { change_id } });

export function useEmbedderActions() {
  const queries = useQueryClient();
  const onSuccess = (state: Embedder) => queries.setQueryData(key, state);
  const onSettled = async () => {
    void queries.invalidateQueries({ queryKey: ["jobs"] });
    void queries.invalidateQueries({ queryKey: ["models"] });
    await queries.invalidateQueries({ queryKey: key });
  };
  const begin = useMutation({
    mutationFn: (model: string) => got(embedderBegin({ body: { model } })),
    onSuccess,
    onSettled,
  });
  const turn = useMutation({
    mutationFn: (id: string) => got(embedderSwitch(at(id))),
    onSuccess,
    onSettled,
  });
  const back = useMutation({ mutationFn: () => got(embedderBack()), onSuccess, onSettled });
  const drop = useMutation({
    mutationFn: (id: string) => got(embedderDiscard(at(id))),
    onSettled,
  });
  return { begin, turn, drop, back };
}
