import { expect, test } from "vitest";
import { refusal, serve, stream } from "../testing/server";
import { streamAnswer } from "./ask";
import type { AnswerEvent } from "./events";

const at = (number: number, name: string, data: object) =>
  `id: msg_9:${number}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

const start = at(1, "message.start", { session_id: "ses_1", message: {}, reply_id: "msg_9" });
const end = at(4, "message.end", { message: { content: "Nine to five." } });

async function namesOf(signal = new AbortController().signal): Promise<AnswerEvent["name"][]> {
  const names: AnswerEvent["name"][] = [];
  const atOnce = () => Promise.resolve();
  for await (const event of streamAnswer("ses_1", "When?", signal, atOnce)) names.push(event.name);
  return names;
}

test("events come as they happen until the last one", async () => {
  serve(stream(start, at(2, "message.delta", { delta: "Nine" }), end));
  expect(await namesOf()).toEqual(["message.start", "message.delta", "message.end"]);
});

test("a broken answer is taken up where it broke, and the question not asked again", async () => {
  const asked = serve(stream(start, at(2, "message.delta", { delta: "Nine" })), stream(end));
  expect(await namesOf()).toEqual(["message.start", "message.delta", "message.end"]);

  const [first, second] = asked;
  expect(first?.method).toBe("POST");
  expect(second?.method).toBe("GET");
  expect(second?.url).toContain("/v1/sessions/ses_1/messages/msg_9/events");
  expect(second?.headers.get("Last-Event-ID")).toBe("msg_9:2");
});

test("a stream that breaks before it began is a problem", async () => {
  serve(stream(": nothing yet\n\n"));
  await expect(namesOf()).rejects.toMatchObject({ code: "unreachable" });
});

test("a question that is refused is not tried again", async () => {
  const asked = serve(refusal(429, { code: "rate_limit_exceeded", message: "Too many." }));
  await expect(namesOf()).rejects.toMatchObject({ message: "Too many." });
  expect(asked).toHaveLength(1);
});

test("events that a newer server knows are passed over", async () => {
  serve(stream(start, at(2, "message.mood", {}), end));
  expect(await namesOf()).toEqual(["message.start", "message.end"]);
});
