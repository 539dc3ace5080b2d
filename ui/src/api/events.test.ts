import { expect, test } from "vitest";
import { streamOf } from "../testing/server";
import { readEvents, type ServerEvent } from "./events";

async function eventsOf(...pieces: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(streamOf(...pieces))) events.push(event);
  return events;
}

test("an event has its name, its data and its id", async () => {
  expect(await eventsOf('id: msg_1:4\nevent: message.delta\ndata: {"delta":"a"}\n\n')).toEqual([
    { id: "msg_1:4", name: "message.delta", data: '{"delta":"a"}' },
  ]);
});

test("a letter of several bytes may arrive in two pieces", async () => {
  const bytes = new TextEncoder().encode("data: Größe\n\n");
  const inside = bytes.indexOf(0xc3) + 1;
  const events = await eventsOf(bytes.slice(0, inside), bytes.slice(inside));
  expect(events[0]?.data).toBe("Größe");
});

test.each(["\n", "\r\n", "\r"])("lines may end with %j", async (end) => {
  const text = ["event: x", "data: 1", "", "data: 2", "", ""].join(end);
  const events = await eventsOf(...text); // one letter at a time
  expect(events.map(({ name, data }) => [name, data])).toEqual([
    ["x", "1"],
    ["message", "2"],
  ]);
});

test("heartbeats and the prelude are passed over", async () => {
  expect(
    await eventsOf(`: ${" ".repeat(2048)}\n\n`, ": still here\n\n", "data: 1\n\n"),
  ).toHaveLength(1);
});

test("several data lines are one text", async () => {
  expect((await eventsOf("data: a\ndata: b\n\n"))[0]?.data).toBe("a\nb");
});

test("an event that was cut off is not half delivered", async () => {
  expect(await eventsOf("data: whole\n\n", "data: half")).toHaveLength(1);
});
