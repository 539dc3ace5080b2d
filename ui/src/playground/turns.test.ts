import { expect, test } from "vitest";
import type { Message } from "../api/types";
import type { AnswerEvent } from "./events";
import { isOver, type Turn, timing, turnsReducer } from "./turns";

const reply = {
  id: "msg_2",
  content: "Nine to five. [1]",
  citations: [{ number: 1 }],
  first_token_ms: 200,
  latency_ms: 1200,
  completion_tokens: 21,
} as Message;

/** A turn after these events, one every ten milliseconds. */
function after(...events: AnswerEvent[]): Turn {
  const asked = turnsReducer([], { type: "ask", key: "a", question: "When?" });
  const turns = events.reduce(
    (turns, event, index) =>
      turnsReducer(turns, { type: "event", key: "a", event, at: index * 10 }),
    asked,
  );
  return turns[0] as Turn;
}

const status = (state: "searching" | "queued" | "writing", position?: number): AnswerEvent => ({
  name: "status",
  data: { state, ...(position === undefined ? {} : { position }) },
});
const delta = (text: string): AnswerEvent => ({ name: "message.delta", data: { delta: text } });
const end: AnswerEvent = { name: "message.end", data: { message: reply } };

test("pieces add up to the text", () => {
  expect(after(delta("Nine "), delta("to five.")).text).toBe("Nine to five.");
});

test("what was saved in the end is what counts", () => {
  const turn = after(delta("Nine to fi"), end);
  expect(turn.text).toBe("Nine to five. [1]");
  expect(turn.sources).toEqual(reply.citations);
  expect(isOver(turn)).toBe(true);
});

test("the place in the queue is known while waiting", () => {
  const queued: AnswerEvent = {
    name: "status",
    data: { state: "queued", position: 3, wait_seconds: 8 },
  };
  expect(after(status("searching"), queued)).toMatchObject({
    phase: "queued",
    position: 3,
    waitSeconds: 8,
  });
  expect(after(status("queued"))).toMatchObject({ position: null, waitSeconds: null });
});

test("searching ends with whatever comes after it", () => {
  expect(timing(after(status("searching"), status("writing"))).search).toBe(10);
});

test("speed is counted from the first token to the last", () => {
  expect(timing(after(end))).toMatchObject({ first: 200, total: 1200, tokens: 21, perSecond: 20 });
});

test("an answer that failed keeps what was written", () => {
  const turn = after(delta("Nine"), {
    name: "error",
    data: { error: { code: "engine_failed", message: "The model stopped." } },
  });
  expect(turn).toMatchObject({ phase: "failed", text: "Nine" });
  expect(turn.problem?.message).toBe("The model stopped.");
});

test("a question that never left is taken back", () => {
  const asked = turnsReducer([], { type: "ask", key: "a", question: "When?" });
  expect(turnsReducer(asked, { type: "leave", key: "a" })).toEqual([]);
});
