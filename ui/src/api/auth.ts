import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SetupBody, SignInBody } from "./generated";
import { authSetup, authSignIn, authSignOut, authState } from "./generated";
import { got, rememberCsrf } from "./http";
import type { AuthState, SignedIn } from "./types";

const authKey = ["auth"] as const;

async function currentState(): Promise<AuthState> {
  const state = await got(authState());
  rememberCsrf(state.csrf_token);
  return state;
}

/** Who is signed in, and whether anybody can be. */
export function useAuth() {
  return useQuery({
    queryKey: authKey,
    queryFn: currentState,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The person using the console. Only for screens behind the sign-in. */
export function useUser() {
  return useAuth().data?.user ?? null;
}

function useEntry<T>(enter: (body: T) => Promise<SignedIn>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: ({ user, csrf_token }) => {
      rememberCsrf(csrf_token);
      queries.setQueryData<AuthState>(
        authKey,
        (state) => state && { ...state, setup_needed: false, signed_in: true, user, csrf_token },
      );
    },
  });
}

export function useSignIn() {
  return useEntry((body: SignInBody) => got(authSignIn({ body })));
}

export function useSetUp() {
  return useEntry((body: SetupBody) => got(authSetup({ body })));
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => got(authSignOut()),
    onSettled: async () => {
      rememberCsrf(null);
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== authKey[0] });
      await queries.invalidateQueries({ queryKey: authKey });
    },
  });
}
