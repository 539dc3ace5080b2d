import { readEvents } from "../api/events";
import { sessionsCreate, sessionsStop } from "../api/generated";
import { got, openStream } from "../api/http";
import { isAbort, unreachable } from "../api/problem";
import { type AnswerEvent, isLast, parseEvent } from "./events";

const RESUMES = 5; // tries to take up a broken answer before giving up

/** The new session's id. */
export async function startSession(assistantId: string): Promise<string> {
  const path = { assistant_id: assistantId };
  const session = await got(sessionsCreate({ path, body: { metadata: { from: "playground" } } }));
  return session.session_id;
}

export async function stopAnswer(sessionId: string, replyId: string): Promise<void> {
  await got(sessionsStop({ path: { session_id: sessionId, message_id: replyId } }));
}

/**
 * Asks, and yields what happens until the answer is over. A connection that breaks
 * is taken up where it broke; the question is never asked twice.
 * Throws Problem, or AbortError after `signal`.
 */
export async function* streamAnswer(
  sessionId: string,
  content: string,
  signal: AbortSignal,
  pause: (tries: number) => Promise<void> = waitLonger,
): AsyncGenerator<AnswerEvent> {
  const seen = { id: "", reply: "" };
  let stream = await openStream("POST", messages(sessionId), { body: { content }, signal });
  for (let tries = 0; ; tries++) {
    if (yield* follow(stream, seen)) return;
    if (!seen.reply || tries === RESUMES) throw unreachable();
    await pause(tries);
    stream = await openStream("GET", `${messages(sessionId)}/${seen.reply}/events`, {
      headers: { "Last-Event-ID": seen.id },
      signal,
    });
  }
}

/** Passes events on; true when the last one was among them, false when the stream broke. */
async function* follow(
  stream: Response,
  seen: { id: string; reply: string },
): AsyncGenerator<AnswerEvent, boolean> {
  if (!stream.body) return false;
  try {
    for await (const raw of readEvents(stream.body)) {
      const event = parseEvent(raw);
      seen.id = raw.id || seen.id;
      if (!event) continue;
      if (event.name === "message.start") seen.reply = event.data.reply_id;
      yield event;
      if (isLast(event)) return true;
    }
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
  }
  return false;
}

function messages(sessionId: string): string {
  return `/v1/sessions/${encodeURIComponent(sessionId)}/messages`;
}

function waitLonger(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 400 * 2 ** tries));
}
