/** One visitor's conversation: asking, following answers, restoring, stopping, starting over. */

import { follow, type Line } from "./answer";
import { type Client, Refusal, settledReply } from "./client";
import type { Memory, Remembered } from "./memory";
import type { AnswerEvent, Citation, Message, Session, Status } from "./wire";

/** Where one answer is shown. */
export interface AnswerStage {
  status(status: Status): void;
  sources(sources: Citation[]): void;
  delta(text: string): void;
  finish(message: Message): void;
  /** End with what went wrong; `again` asks once more. */
  fail(problem: Problem, again: () => void): void;
  /** Back to an empty answer, for another try. */
  reset(): void;
}

/** Where the conversation is shown. */
export interface Stage {
  question(text: string): void;
  answer(): AnswerStage;
  clear(): void;
  busy(on: boolean): void;
}

export interface Problem {
  code: string;
  message: string;
  status: number;
  retryAfter: number;
}

export interface Conversation {
  readonly busy: boolean;
  /** The session's id, null before the first question. */
  readonly id: string | null;
  /** Whether an answer was being written when the page was left. */
  readonly unfinished: boolean;
  /** Show what was said before, and go on with an answer that is still being written. */
  restore(): Promise<void>;
  /** Ask, unless an answer is being written. Resolves when it is over, to whether it was asked. */
  send(text: string): Promise<boolean>;
  /** End the answer being written; what is there stays. */
  stop(): void;
  /** Forget the conversation in this browser; the next question starts another. */
  forget(): void;
  /** Let go of the line without a word. */
  dispose(): void;
}

// How long a stop may take before the widget lets go of the line itself.
const STOPPING = 4_000;

/** Whether the session behind a refusal is over: expired, erased, or of another appliance. */
const isOver = (problem: unknown): boolean =>
  problem instanceof Refusal && (problem.status === 401 || problem.status === 404);

/** Wait `milliseconds`, or until the browser finds its network again. */
function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const online = () => {
      clearTimeout(timer);
      resolve();
    };
    window.addEventListener("online", online, { once: true });
  });
}

export function conversation(
  client: Client,
  memory: Memory,
  stage: Stage,
  emit: (name: string, detail?: Record<string, unknown>) => void,
): Conversation {
  let who: Remembered | null = memory.load();
  let reply = "";
  let running: AbortController | null = null;
  let restoring: Promise<void> | null = null;
  let turn: Promise<void> = Promise.resolve();
  // Messages this page has shown, to tell a question that did arrive from one that was lost.
  const known = new Set<string>();

  function keep(remembered: Remembered | null): void {
    who = remembered;
    if (who) memory.save(who);
    else memory.forget();
  }

  async function begin(): Promise<Remembered> {
    const made = await client.begin();
    keep(made);
    emit("conversation:start", { conversationId: made.session });
    return made;
  }

  function line(id: string, first: Response | null, signal: AbortSignal): Line {
    const mine = who as Remembered;
    reply = id;
    return {
      first,
      after: id && `${id}:0`,
      resume: (after) => client.follow(mine, reply, after, signal),
      settled: async () => settledReply(await client.session(mine), reply),
      wait,
    };
  }

  /** A line to the answer to `content`, in a new session when the old one is over. */
  async function ask(content: string, signal: AbortSignal): Promise<Line> {
    const known = who;
    try {
      return line("", await client.ask(known ?? (await begin()), content, signal), signal);
    } catch (problem) {
      if (!known || !isOver(problem)) throw problem;
      keep(null);
      return ask(content, signal);
    }
  }

  /** Ask once more, unless the question did arrive and only the line broke. */
  async function askAgain(content: string, signal: AbortSignal): Promise<Line> {
    const session = who && (await client.session(who).catch(() => null));
    const messages = session?.messages ?? [];
    const at = messages.findIndex(
      (each) => each.role === "user" && each.content === content && !known.has(each.id),
    );
    const answer = at < 0 ? null : messages[at + 1];
    return answer ? line(answer.id, null, signal) : ask(content, signal);
  }

  function run(
    content: string,
    open: (signal: AbortSignal) => Promise<Line>,
    answer = stage.answer(),
    mine = new AbortController(),
  ): Promise<void> {
    const started = Date.now();
    const again = () => {
      if (running) return;
      answer.reset();
      turn = run(content, (signal) => askAgain(content, signal), answer);
    };

    function fail({ code = "network", message, status = 0, retryAfter = 0 }: Partial<Problem>) {
      const problem = { code, message: message ?? "", status, retryAfter };
      answer.fail(problem, again);
      if (status === 429) emit("limit", { kind: code, retryAfter });
      emit("error", { code, message: problem.message, status });
    }

    function take({ event, data }: AnswerEvent): void {
      if (event === "message.start") {
        reply = data.reply_id;
        known.add(data.message.id).add(reply);
        if (who) keep({ ...who, reply });
      } else if (event === "status") answer.status(data);
      else if (event === "sources") answer.sources(data.sources);
      else if (event === "message.delta") answer.delta(data.delta);
      else if (event === "error") fail({ ...data.error, status: 200 });
      else if (event === "connection") {
        answer.status(data);
        emit(event, data);
      } else if (event === "message.end") {
        const { id, role, content: text, citations } = data.message;
        answer.finish(data.message);
        emit("message:received", { id, role, text });
        const latencyMs = Date.now() - started;
        emit("response:end", { messageId: id, text, sources: citations ?? [], latencyMs });
      }
    }

    async function read(): Promise<void> {
      try {
        for await (const event of follow(await open(mine.signal))) {
          if (running !== mine) return;
          take(event);
        }
      } catch (problem) {
        if (running !== mine) return;
        const stopped = { id: reply, role: "assistant", content: "", reason: "stopped" };
        if (mine.signal.aborted) answer.finish({ ...stopped, state: "partial" });
        else fail(problem as Partial<Problem>);
      }
      if (running !== mine) return;
      running = null;
      if (who) keep({ session: who.session, token: who.token });
      stage.busy(false);
    }

    running = mine;
    stage.busy(true);
    answer.status({ state: "searching" });
    emit("response:start");
    return read();
  }

  function show(session: Session, first: Response | null, mine: AbortController): void {
    let question = "";
    stage.clear();
    for (const message of session.messages) {
      known.add(message.id);
      if (message.role === "user") {
        question = message.content;
        stage.question(question);
      } else if (message.role === "assistant") {
        const answer = stage.answer();
        const open = async () => line(message.id, first, mine.signal);
        if (message.state === "writing") turn = run(question, open, answer, mine);
        else answer.finish(message);
      }
    }
  }

  async function load(): Promise<void> {
    const whose = who;
    if (!whose) return;
    const mine = new AbortController();
    // The server stops an answer nobody reads, so the reader comes back before the history.
    const { reply: id } = whose;
    const first = id && client.follow(whose, id, `${id}:0`, mine.signal).catch(() => null);
    try {
      const session = await client.session(whose);
      const response = (await first) || null;
      if (who === whose) show(session, response, mine);
    } catch (problem) {
      if (!isOver(problem)) throw problem;
      if (who === whose) keep(null);
    }
    if (running !== mine) mine.abort();
  }

  function dispose(): void {
    const mine = running;
    running = who = null;
    mine?.abort();
  }

  function stopThere(): void {
    if (who && reply) client.stop(who, reply).catch(() => undefined);
  }

  return {
    get busy() {
      return running !== null;
    },
    get id() {
      return who?.session ?? null;
    },
    get unfinished() {
      return Boolean(who?.reply);
    },
    restore() {
      restoring ??= load().catch(() => {
        restoring = null; // out of reach just now: the next call tries again
      });
      return restoring;
    },
    async send(text) {
      const content = text.trim();
      if (!content || running) return false;
      await this.restore();
      restoring ??= turn; // what is on screen from now on is not built anew
      await turn; // the answer the restored conversation was in the middle of
      if (running) return false;
      stage.question(content);
      emit("message:sent", { text: content });
      turn = run(content, (signal) => ask(content, signal));
      await turn;
      return true;
    },
    stop() {
      const mine = running;
      if (!mine) return;
      emit("response:stopped", { messageId: reply });
      stopThere();
      setTimeout(() => mine.abort(), reply ? STOPPING : 0);
    },
    forget() {
      if (running) stopThere();
      dispose();
      reply = "";
      restoring = turn = Promise.resolve();
      keep(null);
      stage.clear();
      stage.busy(false);
    },
    dispose,
  };
}
