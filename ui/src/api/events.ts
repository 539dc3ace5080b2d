/** One server-sent event. */
export interface ServerEvent {
  id: string;
  name: string;
  data: string;
}

/**
 * Reads a stream of server-sent events as the HTML standard describes it:
 * any line ending, split anywhere, comments skipped, several data lines joined.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const event = new Draft();
  for await (const line of readLines(body)) {
    const done = event.take(line);
    if (done) yield done;
  }
}

class Draft {
  #id = "";
  #name = "";
  #data: string[] = [];

  /** An empty line ends the event; the id outlives it. */
  take(line: string): ServerEvent | null {
    if (line === "") return this.#finish();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#name = value;
    else if (field === "id") this.#id = value;
    return null;
  }

  #finish(): ServerEvent | null {
    const data = this.#data;
    const name = this.#name || "message";
    this.#data = [];
    this.#name = "";
    return data.length ? { id: this.#id, name, data: data.join("\n") } : null;
  }
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      // A carriage return at the very end may be half of a CRLF: wait for the rest.
      const held = !done && rest.endsWith("\r") ? 1 : 0;
      const lines = rest.slice(0, rest.length - held).split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? "") + rest.slice(rest.length - held);
      yield* lines;
      if (done) return;
    }
  } finally {
    // Leaving the loop early tells the server that nobody listens any more.
    await reader.cancel().catch(() => undefined);
  }
}
