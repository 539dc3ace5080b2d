/**
 * Pure: bytes of an event stream in, whole events out (WHATWG HTML, section 9.2).
 *
 * One thing differs: an event that brings no id has none, instead of the id of the one before.
 */

export interface Frame {
  id: string;
  event: string;
  data: string;
}

/**
 * A parser for one stream: give it bytes as they arrive, get the events they complete.
 *
 * Characters and line ends may be cut anywhere between two calls. An event without its blank line
 * at the end of the stream is dropped, as the standard asks.
 */
export function sseParser(): (bytes: Uint8Array) => Frame[] {
  const decoder = new TextDecoder();
  let rest = "";
  let id = "";
  let event = "";
  let data: string[] = [];

  function field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
  }

  return (bytes) => {
    const frames: Frame[] = [];
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    // A lone \r at the very end may be half of a \r\n, so it waits with the unfinished line.
    rest = lines.pop() as string;
    for (const line of lines) {
      if (line !== "") {
        field(line);
        continue;
      }
      if (data.length > 0) frames.push({ id, event: event || "message", data: data.join("\n") });
      event = id = "";
      data = [];
    }
    return frames;
  };
}
