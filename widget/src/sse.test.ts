import { describe, expect, it } from "vitest";
import { type Frame, sseParser } from "./sse";

const encode = (text: string) => new TextEncoder().encode(text);

/** Parse `text` cut into pieces of `size` bytes. */
function parse(text: string, size = Number.POSITIVE_INFINITY): Frame[] {
  const push = sseParser();
  const bytes = encode(text);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) {
    frames.push(...push(bytes.slice(at, at + Math.min(size, bytes.length))));
  }
  return frames;
}

describe("the event stream parser", () => {
  it("reads id, event and data", () => {
    expect(parse("id: msg_1:4\nevent: status\ndata: {}\n\n")).toEqual([
      { id: "msg_1:4", event: "status", data: "{}" },
    ]);
  });

  it("gives the same events however the bytes are cut", () => {
    const text =
      'id: a:1\r\nevent: x\r\ndata: {"delta":"Zwölf 雨 👍"}\r\n\r\ndata: b\n\ndata: c\r\r';
    for (const size of [1, 2, 3, 5, 7])
      expect(parse(`${text}\n`, size)).toEqual(parse(`${text}\n`));
    expect(parse(text)[0]?.data).toBe('{"delta":"Zwölf 雨 👍"}');
  });

  it("takes line ends of all three kinds", () => {
    expect(parse("data: a\n\ndata: b\r\n\r\ndata: c\r\r\n").map(({ data }) => data)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("joins several data lines and strips one space only", () => {
    expect(parse("data:  a\ndata:b\n\n")[0]?.data).toBe(" a\nb");
  });

  it("skips comments, which is what a prelude and a heartbeat are", () => {
    expect(parse(`: ${" ".repeat(2000)}\n\n: beat\n\ndata: x\n\n`)).toHaveLength(1);
  });

  it("leaves an event without an id without one", () => {
    expect(parse("id: 7\ndata: a\n\ndata: b\n\n").map(({ id }) => id)).toEqual(["7", ""]);
  });

  it("ignores an id with a null character and fields it does not know", () => {
    expect(parse("id: a\0b\nretry: 10\nfoo: bar\ndata\n\n")).toEqual([
      { id: "", event: "message", data: "" },
    ]);
  });

  it("drops an event that the end of the stream cuts off", () => {
    expect(parse("data: whole\n\ndata: half\n")).toHaveLength(1);
  });

  it("swallows the byte order mark at the start", () => {
    expect(parse("\ufeffdata: x\n\n")[0]?.data).toBe("x");
  });
});
