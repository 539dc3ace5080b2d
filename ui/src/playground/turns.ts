import { Problem } from "../api/problem";
import type { Citation, Message } from "../api/types";
import type { AnswerEvent } from "./events";

/** One question and what became of it. Times are milliseconds of the browser's clock. */
export interface Turn {
  key: string;
  question: string;
  phase: "sending" | "searching" | "queued" | "writing" | "done" | "failed";
  position: number | null; // others the model serves first; 0: it has begun to read
  waitSeconds: number | null; // until the first word, about
  text: string;
  sources: Citation[];
  replyId: string | null;
  reply: Message | null; // once it is over
  problem: Problem | null;
  searchedFrom: number | null;
  searchedUntil: number | null;
}

export type Action =
  | { type: "ask"; key: string; question: string }
  | { type: "event"; key: string; event: AnswerEvent; at: number }
  | { type: "problem"; key: string; problem: Problem }
  | { type: "leave"; key: string } // stopped before the server had taken the question
  | { type: "clear" };

export function isOver(turn: Turn): boolean {
  return turn.phase === "done" || turn.phase === "failed";
}

export function turnsReducer(turns: Turn[], action: Action): Turn[] {
  switch (action.type) {
    case "clear":
      return [];
    case "ask":
      return [...turns, newTurn(action.key, action.question)];
    case "leave":
      return turns.filter(({ key }) => key !== action.key);
    case "problem":
      return change(turns, action.key, () => ({ phase: "failed", problem: action.problem }));
    case "event":
      return change(turns, action.key, (turn) => after(turn, action.event, action.at));
  }
}

function newTurn(key: string, question: string): Turn {
  return {
    key,
    question,
    phase: "sending",
    position: null,
    waitSeconds: null,
    text: "",
    sources: [],
    replyId: null,
    reply: null,
    problem: null,
    searchedFrom: null,
    searchedUntil: null,
  };
}

function change(turns: Turn[], key: string, to: (turn: Turn) => Partial<Turn>): Turn[] {
  return turns.map((turn) => (turn.key === key ? { ...turn, ...to(turn) } : turn));
}

function after(turn: Turn, event: AnswerEvent, at: number): Partial<Turn> {
  const searched = turn.searchedFrom !== null && turn.searchedUntil === null;
  const found = searched ? { searchedUntil: at } : {};
  switch (event.name) {
    case "message.start":
      return { replyId: event.data.reply_id };
    case "status": {
      const { state, position = null, wait_seconds: waitSeconds = null } = event.data;
      if (state === "searching") return { phase: state, searchedFrom: at };
      return { phase: state, position, waitSeconds, ...found };
    }
    case "sources":
      return { sources: event.data.sources, ...found };
    case "message.delta":
      return { phase: "writing", text: turn.text + event.data.delta, ...found };
    case "message.end":
      return finished(event.data.message, found);
    case "error":
      return {
        phase: "failed",
        problem: new Problem(event.data.error.message, {
          status: 200,
          code: event.data.error.code,
        }),
        ...(event.data.message ? { reply: event.data.message } : {}),
        ...found,
      };
  }
}

function finished(reply: Message, found: Partial<Turn>): Partial<Turn> {
  return { phase: "done", reply, text: reply.content, sources: reply.citations, ...found };
}

/** What the answer took: to search, to the first word, in all, and how fast it was written. */
export function timing(turn: Turn) {
  const { reply } = turn;
  const { searchedFrom: from, searchedUntil: until } = turn;
  const first = reply?.first_token_ms ?? null;
  const total = reply?.latency_ms ?? null;
  const tokens = reply?.completion_tokens ?? 0;
  const writing = total !== null && first !== null ? total - first : 0;
  return {
    search: from !== null && until !== null ? Math.round(until - from) : null,
    first,
    total,
    tokens,
    perSecond: tokens > 1 && writing > 0 ? (1000 * (tokens - 1)) / writing : null,
  };
}
