import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Problem;
  }
}

/** Trying again helps when nobody answered or the server stumbled, never when it said no. */
function worthRetrying(failures: number, problem: Problem): boolean {
  const status = problem instanceof Problem ? problem.status : 400;
  return failures < 2 && (status === 0 || status >= 500);
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache(),
    mutationCache: new MutationCache(),
    defaultOptions: {
      queries: {
        retry: worthRetrying,
        retryDelay: (attempt) => 400 * 2 ** attempt,
        staleTime: 5_000,
        // An appliance on the LAN is reachable when the internet is not.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
