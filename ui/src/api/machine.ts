import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jobsCancel, jobsListed, modelsLocal } from "./generated";
import { got } from "./http";
import type { Job } from "./types";

/** Whether this appliance serves its API reference: a setting can switch it off. */
export function useHasApiReference(): boolean {
  const found = useQuery({
    queryKey: ["reference"],
    queryFn: ({ signal }) => fetch("/docs", { method: "HEAD", signal }).then(({ ok }) => ok),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return found.data ?? false;
}

export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => got(modelsLocal({ signal })),
    select: (page) => page.data,
    // Loading takes seconds; its end should be seen without a reload.
    refetchInterval: ({ state }) =>
      state.data?.data.some((model) => model.state === "loading") ? 1_500 : false,
  });
}

export function isActive(job: Job): boolean {
  return job.status === "waiting" || job.status === "running";
}

/** The machine's latest work, newest first. */
export function useJobs() {
  return useQuery({
    queryKey: ["jobs"],
    queryFn: ({ signal }) => got(jobsListed({ query: { limit: 30 }, signal })),
    select: (page) => page.data,
    refetchInterval: ({ state }) => (state.data?.data.some(isActive) ? 1_500 : 15_000),
  });
}

export function useCancelJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => got(jobsCancel({ path: { job_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
