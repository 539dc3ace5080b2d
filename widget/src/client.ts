/** The appliance's API, as far as the widget uses it. No cookies are ever sent. */

import type { Remembered } from "./memory";
import type { Config, Message, Session } from "./wire";

/** The server said no, or nothing at all (`status` 0). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfter = 0,
  ) {
    super(message);
  }

  /** Whether the same request may succeed in a moment. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

interface Call {
  method?: string;
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Client {
  config(): Promise<Config>;
  /** Whether anything answers at the address, readable or not. */
  reachable(): Promise<boolean>;
  begin(): Promise<Remembered>;
  session(who: Remembered): Promise<Session>;
  ask(who: Remembered, content: string, signal: AbortSignal): Promise<Response>;
  follow(who: Remembered, reply: string, after: string, signal: AbortSignal): Promise<Response>;
  stop(who: Remembered, reply: string): Promise<unknown>;
}

const STREAM = { Accept: "text/event-stream" };

async function refusal(response: Response): Promise<Refusal> {
  const envelope = await response.json().catch(() => ({}));
  const { code = "", message = response.statusText } = envelope?.error ?? {};
  const wait = Number(response.headers.get("retry-after")) || 0;
  return new Refusal(response.status, code, message, wait);
}

/** A client for one assistant. Every call rejects with a Refusal, or with the signal's abort. */
export function client(apiUrl: string, assistantId: string, apiKey: string): Client {
  async function call(path: string, { method, token, body, headers, signal }: Call) {
    const request: RequestInit = {
      method: method ?? "GET",
      credentials: "omit",
      referrerPolicy: "origin",
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    };
    const response = await fetch(apiUrl + path, request).catch((problem: Error) => {
      if (signal?.aborted) throw problem;
      throw new Refusal(0, "network", problem.message);
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }
  const json = async <T>(path: string, options: Call = {}) =>
    (await call(path, options)).json() as Promise<T>;
  const messages = (who: Remembered) => `/v1/sessions/${encodeURIComponent(who.session)}/messages`;
  const assistant = encodeURIComponent(assistantId);

  return {
    config: () => json(`/v1/widget/config?assistant_id=${assistant}`, { token: apiKey }),
    reachable: () =>
      fetch(`${apiUrl}/health`, { mode: "no-cors", credentials: "omit" }).then(
        () => true,
        () => false,
      ),
    async begin() {
      const made = await json<{ session_id: string; session_token: string }>(
        `/v1/assistants/${assistant}/sessions`,
        { method: "POST", token: apiKey, body: {} },
      );
      return { session: made.session_id, token: made.session_token };
    },
    session: (who) => json(`/v1/sessions/${encodeURIComponent(who.session)}`, { token: who.token }),
    ask: (who, content, signal) =>
      call(messages(who), {
        method: "POST",
        token: who.token,
        body: { content },
        headers: STREAM,
        signal,
      }),
    follow: (who, reply, after, signal) =>
      call(`${messages(who)}/${encodeURIComponent(reply)}/events`, {
        token: who.token,
        headers: { ...STREAM, "Last-Event-ID": after },
        signal,
      }),
    stop: (who, reply) =>
      call(`${messages(who)}/${encodeURIComponent(reply)}/stop`, {
        method: "POST",
        token: who.token,
      }),
  };
}

/** The answer a session holds under `reply`, once nothing is being written to it any more. */
export function settledReply(session: Session, reply: string): Message | null {
  const message = session.messages.find(({ id }) => id === reply);
  return message && message.state !== "writing" ? message : null;
}
