/** One answer, read to its end even when the connection breaks on the way. */

import { Refusal } from "./client";
import { type Frame, sseParser } from "./sse";
import type { AnswerEvent, Message } from "./wire";

export interface Line {
  /** The stream that is already open, if one is. */
  first: Response | null;
  /** The last event seen, `<answer>:<number>`; empty before the first. */
  after: string;
  /** Open the stream again behind the event named. */
  resume(after: string): Promise<Response>;
  /** The saved answer when it is over, null while it is being written. */
  settled(): Promise<Message | null>;
  /** Wait, or return early when the browser comes back online. */
  wait(milliseconds: number): Promise<void>;
}

// The server sends a heartbeat at least every 15 s; two missed ones mean a dead line.
const SILENCE = 35_000;
const TRIES = 8;

/** Whole events of a response. Rejects with a Refusal when the line breaks or falls silent. */
export async function* frames(response: Response, silence = SILENCE): AsyncGenerator<Frame> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const parse = sseParser();
  try {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const dead = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Refusal(0, "silence", "No sign of life")), silence);
      });
      const { value, done } = await Promise.race([reader.read(), dead]).finally(() =>
        clearTimeout(timer),
      );
      if (done) return;
      yield* parse(value);
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf(":") + 1)) || 0;
const isLast = (event: string): boolean => event === "message.end" || event === "error";

function decode(frame: Frame): AnswerEvent | null {
  try {
    return { event: frame.event, data: JSON.parse(frame.data) } as AnswerEvent;
  } catch {
    return null; // not ours: an event of a later version or of a proxy
  }
}

/** Pause before try number `attempt`: none, then 0.5 s doubling up to 15 s, with some play. */
export function pause(attempt: number, chance = Math.random()): number {
  if (attempt < 2) return 0;
  return Math.min(15_000, 500 * 2 ** (attempt - 2)) * (0.75 + chance / 2);
}

function passing(problem: unknown): problem is Error {
  // A TypeError is what a body cut off in the middle rejects with.
  return problem instanceof TypeError || (problem instanceof Refusal && problem.passing);
}

/**
 * Yield the events of an answer, each once and in order, ending with `message.end` or `error`.
 *
 * A broken line is taken up again where it broke. If the answer is over by then, its saved text
 * comes as `message.end`. Rejects with a Refusal when the server says no or stays away.
 */
export async function* follow(line: Line): AsyncGenerator<AnswerEvent> {
  let { first: response, after } = line;
  let broken = false;
  for (let attempt = 0; ; ) {
    let problem: unknown = new Refusal(0, "network", "The stream ended early");
    try {
      response ??= await line.resume(after);
      for await (const frame of frames(response)) {
        if (frame.id && numberOf(frame.id) <= numberOf(after)) continue;
        if (frame.id) after = frame.id;
        attempt = 0;
        if (broken) yield { event: "connection", data: { state: "online" } };
        broken = false;
        const event = decode(frame);
        if (event) yield event;
        if (isLast(frame.event)) return;
      }
    } catch (error) {
      if (!passing(error)) throw error;
      problem = error;
    }
    response = null;
    attempt += 1;
    if (!after || attempt > TRIES) throw problem;
    if (attempt > 1) {
      const saved = await line.settled().catch(() => null);
      if (saved) {
        yield { event: "message.end", data: { message: saved } };
        return;
      }
    }
    broken = true;
    yield { event: "connection", data: { state: "reconnecting" } };
    const asked = problem instanceof Refusal ? problem.retryAfter * 1000 : 0;
    await line.wait(Math.max(asked, pause(attempt)));
  }
}
