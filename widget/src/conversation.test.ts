import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Client, Refusal } from "./client";
import { type Conversation, conversation, type Stage } from "./conversation";
import { memory, type Remembered } from "./memory";
import type { Message, Session } from "./wire";

const HERE = "http://ai.example.org";
const encode = (text: string) => new TextEncoder().encode(text);

/** A small appliance in memory: it answers every question with its words, one event each. */
class Appliance implements Client {
  sessions = new Map<string, Session>();
  asked: string[] = [];
  /** Refusals and broken lines to come, one for each next question. */
  trouble: (Refusal | "lost" | "broken" | "endless")[] = [];
  stopped: string[] = [];
  private live: ReadableStreamDefaultController<Uint8Array> | null = null;

  async config() {
    return { assistant_id: "asst_1" };
  }

  async reachable() {
    return true;
  }

  async begin() {
    const session = `ses_${this.sessions.size + 1}`;
    this.sessions.set(session, { id: session, messages: [] });
    return { session, token: `vt_${session}` };
  }

  async session(who: Remembered) {
    return this.find(who);
  }

  async ask(who: Remembered, content: string) {
    const { messages } = this.find(who);
    this.asked.push(content);
    const trouble = this.trouble.shift();
    if (trouble instanceof Refusal) throw trouble;
    const reply: Message = {
      id: `msg_${messages.length + 2}`,
      role: "assistant",
      content: content.toUpperCase(),
      state: trouble === "endless" ? "writing" : "complete",
    };
    const question: Message = {
      id: `msg_${messages.length + 1}`,
      role: "user",
      content,
      state: "complete",
    };
    messages.push(question, reply);
    if (trouble === "lost") throw new Refusal(0, "network", "gone");
    return this.stream(this.events(question, reply), trouble);
  }

  async follow(who: Remembered, reply: string, after: string) {
    const { messages } = this.find(who);
    const at = messages.findIndex(({ id }) => id === reply);
    const events = this.events(messages[at - 1] as Message, messages[at] as Message);
    return this.stream(events.slice(Number(after.split(":")[1])));
  }

  async stop(_: Remembered, reply: string) {
    this.stopped.push(reply);
    this.live?.close();
  }

  private find(who: Remembered): Session {
    const session = this.sessions.get(who.session);
    if (!session) throw new Refusal(401, "invalid_token", "unknown");
    return session;
  }

  private events(message: Message, reply: Message): string[] {
    const data = { session_id: "x", message, reply_id: reply.id };
    const parts = reply.content.split(" ").map((delta) => ["message.delta", { delta }] as const);
    const end = reply.state === "writing" ? [] : [["message.end", { message: reply }] as const];
    return [["message.start", data] as const, ...parts, ...end].map(
      ([event, body], at) =>
        `id: ${reply.id}:${at + 1}\nevent: ${event}\ndata: ${JSON.stringify(body)}\n\n`,
    );
  }

  private stream(events: string[], trouble?: string): Response {
    const rest = trouble === "broken" ? events.slice(0, 2) : [...events];
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const event = rest.shift();
        if (event) controller.enqueue(encode(event));
        else if (trouble === "broken") controller.error(new TypeError("cut"));
        else if (trouble === "endless") this.live = controller;
        else controller.close();
      },
    });
    return new Response(body);
  }
}

/** A stage that keeps a script of what was shown. */
function paper() {
  const lines: string[] = [];
  const retries: (() => void)[] = [];
  const stage: Stage = {
    question: (text) => lines.push(`> ${text}`),
    answer: () => ({
      status: ({ state }) => state === "reconnecting" && lines.push("(reconnecting)"),
      sources: () => undefined,
      delta: (text) => lines.push(text),
      finish: ({ content, reason }) => lines.push(`= ${reason ?? content}`),
      fail(problem, again) {
        lines.push(`! ${problem.code}`);
        retries.push(again);
      },
      reset: () => lines.push("(again)"),
    }),
    clear: () => void lines.splice(0),
    busy: () => undefined,
  };
  return { lines, retries, stage };
}

describe("a conversation", () => {
  let server: Appliance;
  let sheet: ReturnType<typeof paper>;
  let emit: ReturnType<typeof vi.fn<(name: string, detail?: Record<string, unknown>) => void>>;
  let talk: Conversation;

  /** What a page does when it loads: it starts with what the browser remembers. */
  function load(): void {
    sheet = paper();
    emit = vi.fn();
    talk = conversation(server, memory(HERE, "asst_1"), sheet.stage, emit);
  }

  beforeEach(() => {
    localStorage.clear();
    server = new Appliance();
    load();
  });

  const told = (name: string) => emit.mock.calls.filter(([event]) => event === name);

  it("starts a session with the first question, and only one", async () => {
    await talk.send("hello");
    await talk.send("again");
    expect(server.sessions.size).toBe(1);
    expect(sheet.lines).toEqual(["> hello", "HELLO", "= HELLO", "> again", "AGAIN", "= AGAIN"]);
    expect(told("conversation:start")).toHaveLength(1);
  });

  it("asks nothing for an empty question", async () => {
    expect(await talk.send("  \n")).toBe(false);
    expect(server.asked).toEqual([]);
  });

  it("asks one question at a time", async () => {
    const first = talk.send("one");
    expect(await Promise.all([first, talk.send("two")])).toEqual([true, false]);
    expect(server.asked).toEqual(["one"]);
  });

  it("is there again after a reload", async () => {
    await talk.send("hello");
    load();
    await talk.restore();
    expect(sheet.lines).toEqual(["> hello", "= HELLO"]);
    expect(talk.id).toBe("ses_1");
  });

  it("goes on with a running answer after a reload", async () => {
    server.trouble = ["endless"];
    void talk.send("tell me");
    await vi.waitFor(() => expect(sheet.lines).toContain("ME"));
    expect(talk.unfinished).toBe(true);
    talk.dispose();
    (server.sessions.get("ses_1")?.messages[1] as Message).state = "complete";
    const { messages } = server.sessions.get("ses_1") as Session;
    vi.spyOn(server, "session").mockImplementation(async () => ({
      id: "ses_1",
      messages: messages.map((each) => ({ ...each, state: "writing" as const })),
    }));
    load();
    await talk.restore();
    await vi.waitFor(() => expect(sheet.lines).toEqual(["> tell me", "TELL", "ME", "= TELL ME"]));
    expect(talk.unfinished).toBe(false);
  });

  it("survives a broken line without losing or repeating a word", async () => {
    server.trouble = ["broken"];
    await talk.send("one two three");
    expect(sheet.lines).toEqual([
      "> one two three",
      "ONE",
      "(reconnecting)",
      "TWO",
      "THREE",
      "= ONE TWO THREE",
    ]);
    expect(told("connection").map(([, detail]) => detail?.state)).toEqual([
      "reconnecting",
      "online",
    ]);
  });

  it("takes a new session when the old one has expired", async () => {
    await talk.send("one");
    server.sessions.clear();
    await talk.send("two");
    expect(sheet.lines.slice(-1)).toEqual(["= TWO"]);
    expect(told("conversation:start")).toHaveLength(2);
  });

  it("forgets a session that is gone when it comes back", async () => {
    await talk.send("one");
    server.sessions.clear();
    load();
    await talk.restore();
    expect(talk.id).toBeNull();
    expect(sheet.lines).toEqual([]);
  });

  it("says what went wrong, and asks again on request", async () => {
    server.trouble = [new Refusal(503, "busy", "busy", 3)];
    await talk.send("hello");
    expect(sheet.lines).toEqual(["> hello", "! busy"]);
    sheet.retries[0]?.();
    await vi.waitFor(() => expect(sheet.lines.slice(2)).toEqual(["(again)", "HELLO", "= HELLO"]));
    expect(told("error")[0]?.[1]).toMatchObject({ code: "busy", status: 503 });
  });

  it("tells the page about a limit", async () => {
    server.trouble = [new Refusal(429, "rate_limited", "slow down", 9)];
    await talk.send("hello");
    expect(told("limit")[0]?.[1]).toEqual({ kind: "rate_limited", retryAfter: 9 });
  });

  it("does not ask twice when the question arrived and only the line was lost", async () => {
    server.trouble = ["lost"];
    await talk.send("hello");
    expect(sheet.lines).toEqual(["> hello", "! network"]);
    sheet.retries[0]?.();
    await vi.waitFor(() => expect(sheet.lines.at(-1)).toBe("= HELLO"));
    expect(server.asked).toEqual(["hello"]);
  });

  it("stops an answer at the server and keeps what is there", async () => {
    server.trouble = ["endless"];
    const turn = talk.send("tell me");
    await vi.waitFor(() => expect(sheet.lines).toContain("ME"));
    (server.sessions.get("ses_1")?.messages[1] as Message).state = "partial";
    (server.sessions.get("ses_1")?.messages[1] as Message).reason = "stopped";
    talk.stop();
    await turn;
    expect(server.stopped).toEqual(["msg_2"]);
    expect(sheet.lines.at(-1)).toBe("= stopped");
  });

  it("is forgotten in the browser when it is started over", async () => {
    await talk.send("hello");
    talk.forget();
    expect(sheet.lines).toEqual([]);
    expect(localStorage).toHaveLength(0);
    await talk.send("anew");
    expect(talk.id).toBe("ses_2");
  });

  it("can be started over in the middle of an answer", async () => {
    server.trouble = ["endless"];
    void talk.send("tell me");
    await vi.waitFor(() => expect(sheet.lines).toContain("ME"));
    talk.forget();
    expect(talk.busy).toBe(false);
    expect(server.stopped).toEqual(["msg_2"]);
    expect(await talk.send("anew")).toBe(true);
    expect(sheet.lines).toEqual(["> anew", "ANEW", "= ANEW"]);
  });

  it("does not come back when it is started over while it is being fetched", async () => {
    await talk.send("hello");
    load();
    const restored = talk.restore();
    talk.forget();
    await restored;
    expect(sheet.lines).toEqual([]);
    expect(talk.id).toBeNull();
  });
});
