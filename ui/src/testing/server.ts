import { vi } from "vitest";
import { client } from "../api/generated/client.gen";

export type Answer = (request: Request) => Response | Promise<Response>;

/** Stands in for the network: each request is kept, and answered by whoever is found for it. */
function standIn(find: (request: Request) => Answer | undefined): Request[] {
  const asked: Request[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request =
      input instanceof Request ? input : new Request(new URL(input, "http://inhouse.test"), init);
    asked.push(request);
    const next = find(request);
    if (!next) throw new TypeError("nobody answers");
    return next(request);
  };
  vi.stubGlobal("fetch", answer);
  client.setConfig({ baseUrl: "http://inhouse.test", fetch: answer });
  return asked;
}

/** Each request is answered by the next in line. */
export function serve(...answers: Answer[]): Request[] {
  const waiting = [...answers];
  return standIn(() => waiting.shift());
}

/** Each request is answered by its method and path, "GET /v1/jobs"; others find nothing. */
export function serveAt(answers: Record<string, Answer>): Request[] {
  const nothing = refusal(404, { code: "not_found" });
  return standIn(({ method, url }) => answers[`${method} ${new URL(url).pathname}`] ?? nothing);
}

/** What was sent to an address, as "POST /v1/x" with its body. */
export async function sent(asked: Request[], line: string): Promise<unknown[]> {
  const those = asked.filter(({ method, url }) => `${method} ${new URL(url).pathname}` === line);
  return Promise.all(those.map(async (one) => JSON.parse((await one.clone().text()) || "null")));
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return () =>
    new Response(JSON.stringify(body), {
      status,
      headers: { "Content-Type": "application/json", ...headers },
    });
}

export function refusal(status: number, error: object): Answer {
  return json(
    { error: { message: "No.", code: "invalid_request", param: null, ...error } },
    status,
  );
}

/** A body that arrives in these pieces. */
export function streamOf(...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      }
      controller.close();
    },
  });
}

export function stream(...pieces: string[]): Answer {
  return () => new Response(streamOf(...pieces), { status: 200 });
}
