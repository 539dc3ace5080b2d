import { client } from "./generated/client.gen";
import { asProblem, isAbort, type Problem, problemFrom } from "./problem";

/** What every request of the console carries, and who hears of a lost session. */
const standing = { csrf: "", onSignedOut: (_: Problem) => {} };

client.setConfig({ baseUrl: "", credentials: "same-origin" });
client.interceptors.request.use((request) => {
  if (request.method !== "GET") request.headers.set("X-CSRF-Token", standing.csrf);
  return request;
});

export function rememberCsrf(token: string | null): void {
  standing.csrf = token ?? "";
}

export function csrfToken(): string {
  return standing.csrf;
}

/** Called whenever a request is refused because nobody is signed in. Returns its undo. */
export function onSignedOut(listener: (problem: Problem) => void): () => void {
  standing.onSignedOut = listener;
  return () => {
    standing.onSignedOut = () => {};
  };
}

/** Every refusal passes here once, whichever way the request was made. */
export function noteProblem(problem: Problem): Problem {
  if (problem.status === 401) standing.onSignedOut(problem);
  return problem;
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

/** The body of a good answer of the generated client. Throws Problem, or AbortError. */
export async function got<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response?.ok) return data as T;
  if (isAbort(error)) throw error;
  throw response ? noteProblem(problemFrom(response, error)) : asProblem(error);
}

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A request whose answer is read while it arrives. Throws Problem, or AbortError. */
export async function openStream(method: string, path: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { Accept: "text/event-stream", ...call.headers };
  if (method !== "GET") headers["X-CSRF-Token"] = standing.csrf;
  if (call.body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method,
    headers,
    credentials: "same-origin",
    signal: call.signal ?? null,
    body: call.body === undefined ? null : JSON.stringify(call.body),
  }).catch((thrown: unknown) => {
    throw isAbort(thrown) ? thrown : asProblem(thrown);
  });
  if (response.ok) return response;
  throw noteProblem(problemFrom(response, await response.json().catch(() => null)));
}
