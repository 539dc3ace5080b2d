import { useEffect, useReducer, useRef } from "react";
import { asProblem, isAbort } from "../api/problem";
import { startSession, stopAnswer, streamAnswer } from "./ask";
import { isOver, type Turn, turnsReducer } from "./turns";

export interface Conversation {
  turns: Turn[];
  busy: boolean;
  ask(question: string): void;
  stop(): void;
  startAnew(): void;
}

/** A conversation with an assistant that lives as long as the screen it is on. */
export function useConversation(assistantId: string): Conversation {
  const [turns, dispatch] = useReducer(turnsReducer, []);
  const session = useRef<Promise<string> | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const sessionId = () => {
    session.current ??= startSession(assistantId);
    session.current.catch(() => {
      session.current = null;
    });
    return session.current;
  };

  const ask = async (question: string) => {
    const controller = new AbortController();
    running.current = controller;
    const key = crypto.getRandomValues(new Uint32Array(2)).join("-");
    dispatch({ type: "ask", key, question });
    try {
      const id = await sessionId();
      for await (const event of streamAnswer(id, question, controller.signal)) {
        dispatch({ type: "event", key, event, at: performance.now() });
      }
    } catch (thrown) {
      if (isAbort(thrown)) dispatch({ type: "leave", key });
      else dispatch({ type: "problem", key, problem: asProblem(thrown) });
    }
  };

  const last = turns.at(-1);
  const stop = async () => {
    if (!last?.replyId || !session.current) return running.current?.abort();
    const id = await session.current;
    // The stream then ends by itself, with what was written so far.
    await stopAnswer(id, last.replyId).catch(() => running.current?.abort());
  };

  return {
    turns,
    busy: last !== undefined && !isOver(last),
    ask: (question) => void ask(question),
    stop: () => void stop(),
    startAnew: () => {
      running.current?.abort();
      session.current = null;
      dispatch({ type: "clear" });
    },
  };
}
