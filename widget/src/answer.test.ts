import { afterEach, describe, expect, it, vi } from "vitest";
import { follow, frames, type Line, pause } from "./answer";
import { Refusal } from "./client";
import type { Message } from "./wire";

const REPLY = "msg_9";
const encode = (text: string) => new TextEncoder().encode(text);

function frame(number: number, event: string, data: unknown): string {
  return `id: ${REPLY}:${number}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

const delta = (number: number, text: string) => frame(number, "message.delta", { delta: text });
const end = (number: number) => frame(number, "message.end", { message: { id: REPLY } });

/** A response that streams `parts` and then ends, or breaks when `broken`. */
function stream(parts: string[], broken = false): Response {
  const rest = [...parts];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = rest.shift();
      if (part !== undefined) controller.enqueue(encode(part));
      else if (broken) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  return new Response(body);
}

/** A line over the given responses; an error in their place is thrown by `resume`. */
function lineOf(first: Response, ...later: (Response | Error)[]) {
  const asked: string[] = [];
  const waited: number[] = [];
  const line: Line = {
    first,
    after: "",
    resume: async (after) => {
      asked.push(after);
      const next = later.shift();
      if (next instanceof Response) return next;
      throw next ?? new Refusal(0, "network", "gone");
    },
    settled: async () => null,
    wait: async (milliseconds) => void waited.push(milliseconds),
  };
  return { line, asked, waited };
}

async function collect(line: Line): Promise<string[]> {
  const seen: string[] = [];
  for await (const { event, data } of follow(line)) {
    seen.push(event === "message.delta" ? data.delta : event);
  }
  return seen;
}

afterEach(() => vi.useRealTimers());

describe("following an answer", () => {
  it("yields the events in order and stops at the end", async () => {
    const { line } = lineOf(stream([delta(1, "a"), delta(2, "b"), end(3), delta(4, "never")]));
    expect(await collect(line)).toEqual(["a", "b", "message.end"]);
  });

  it("takes a broken stream up behind the last event it saw", async () => {
    const { line, asked } = lineOf(
      stream([delta(1, "a"), delta(2, "b")], true),
      stream([delta(3, "c"), end(4)]),
    );
    expect(await collect(line)).toEqual(["a", "b", "connection", "connection", "c", "message.end"]);
    expect(asked).toEqual([`${REPLY}:2`]);
  });

  it("treats an early but orderly end as a broken stream", async () => {
    const { line, asked } = lineOf(stream([delta(1, "a")]), stream([end(2)]));
    expect((await collect(line)).at(-1)).toBe("message.end");
    expect(asked).toEqual([`${REPLY}:1`]);
  });

  it("never yields an event twice", async () => {
    const { line } = lineOf(
      stream([delta(1, "a"), delta(2, "b")], true),
      stream([delta(1, "a"), delta(2, "b"), delta(3, "c"), end(4)]),
    );
    expect((await collect(line)).filter((name) => name.length === 1)).toEqual(["a", "b", "c"]);
  });

  it("takes the saved answer when it is over by the time the line is back", async () => {
    const { line } = lineOf(stream([delta(1, "a")], true), new Refusal(0, "network", "gone"));
    line.settled = async () => ({ id: REPLY, content: "all of it" }) as Message;
    expect((await collect(line)).at(-1)).toBe("message.end");
  });

  it("waits longer from try to try and gives up in the end", async () => {
    const { line, waited } = lineOf(stream([delta(1, "a")], true));
    await expect(collect(line)).rejects.toMatchObject({ code: "network" });
    expect(waited).toHaveLength(8);
    expect(waited[0]).toBe(0);
    expect(waited[7]).toBeGreaterThan(waited[2] as number);
  });

  it("does not retry what the server refused for good", async () => {
    const { line, asked } = lineOf(stream([delta(1, "a")], true), new Refusal(403, "no", "no"));
    await expect(collect(line)).rejects.toMatchObject({ status: 403 });
    expect(asked).toHaveLength(1);
  });

  it("waits as long as a busy server asks for", async () => {
    const { line, waited } = lineOf(
      stream([delta(1, "a")], true),
      new Refusal(503, "busy", "busy", 7),
      stream([end(2)]),
    );
    await collect(line);
    expect(waited).toContain(7000);
  });

  it("cannot resume what never began", async () => {
    const { line, asked } = lineOf(stream([], true));
    await expect(collect(line)).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it("hears an error that stands outside the numbering", async () => {
    const { line } = lineOf(stream([delta(1, "a"), 'event: error\ndata: {"error":{}}\n\n']));
    expect(await collect(line)).toEqual(["a", "error"]);
  });

  it("skips an event it cannot read", async () => {
    const { line } = lineOf(stream([`id: ${REPLY}:1\ndata: {oops\n\n`, end(2)]));
    expect(await collect(line)).toEqual(["message.end"]);
  });

  it("counts a silent line as broken", async () => {
    const silent = new Response(new ReadableStream());
    await expect(frames(silent, 5).next()).rejects.toMatchObject({ code: "silence" });
  });

  it("doubles its pauses up to a quarter of a minute", () => {
    expect([1, 2, 3, 4, 9].map((attempt) => pause(attempt, 0.5))).toEqual([
      0, 500, 1000, 2000, 15_000,
    ]);
  });
});
