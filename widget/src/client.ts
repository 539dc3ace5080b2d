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
  async function call(path: string, token: string, options: RequestInit = {}): Promise<Response> {
    const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...options.headers };
    const request = { credentials: "omit", ...options, headers } as const;
    const response = await fetch(apiUrl + path, request).catch((problem: Error) => {
      if (options.signal?.aborted) throw problem;
      throw new Refusal(0, "network", problem.message);
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  const post = (body: unknown) => ({
    method: "POST",
    headers: { "Content-Type": "application/json", ...STREAM },
    body: JSON.stringify(body),
  });
  const assistant = encodeURIComponent(assistantId);
  const session = ({ session: id }: Remembered) => `/v1/sessions/${encodeURIComponent(id)}`;
  const message = (who: Remembered, id: string) =>
    `${session(who)}/messages/${encodeURIComponent(id)}`;

  return {
    config: async () => (await call(`/v1/widget/config?assistant_id=${assistant}`, apiKey)).json(),
    // The one thing that any page may load from an appliance is this script.
    reachable: () =>
      fetch(`${apiUrl}/widget.js`, { method: "HEAD", mode: "no-cors", credentials: "omit" }).then(
        () => true,
        () => false,
      ),
    async begin() {
      const made = await call(`/v1/assistants/${assistant}/sessions`, apiKey, post({}));
      const { session_id, session_token } = await made.json();
      return { session: session_id, token: session_token };
    },
    session: async (who) => (await call(session(who), who.token)).json(),
    ask: (who, content, signal) =>
      call(`${session(who)}/messages`, who.token, { ...post({ content }), signal }),
    follow: (who, reply, after, signal) =>
      call(`${message(who, reply)}/events`, who.token, {
        headers: { ...STREAM, "Last-Event-ID": after },
        signal,
      }),
    stop: (who, reply) => call(`${message(who, reply)}/stop`, who.token, { method: "POST" }),
  };
}

/** The answer a session holds under `reply`, once nothing is being written to it any more. */
export function settledReply(session: Session, reply: string): Message | null {
  const message = session.messages.find(({ id }) => id === reply);
  return message && message.state !== "writing" ? message : null;
}
