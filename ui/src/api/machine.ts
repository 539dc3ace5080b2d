import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { jobsCancel, jobsListed, jobsShow } from "./generated";
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

/** One piece of work, watched until it is over. */
export function useJob(id: string | null) {
  return useQuery({
    queryKey: ["jobs", "one", id],
    queryFn: ({ signal }) => got(jobsShow({ path: { job_id: id ?? "" }, signal })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && !isActive(state.data) ? false : 1_000),
  });
}

export function useCancelJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => got(jobsCancel({ path: { job_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
