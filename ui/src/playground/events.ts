import type { ServerEvent } from "../api/events";
import type { Citation, Message } from "../api/types";

/** What happens while an answer is written. */
export type AnswerEvent =
  | { name: "message.start"; data: { session_id: string; message: Message; reply_id: string } }
  | {
      name: "status";
      data: {
        state: "searching" | "queued" | "writing";
        position?: number | null; // others that are served before
        wait_seconds?: number | null; // until the first word, about
      };
    }
  | { name: "sources"; data: { sources: Citation[] } }
  | { name: "message.delta"; data: { delta: string } }
  | { name: "message.end"; data: { message: Message } }
  | { name: "error"; data: { error: { code: string; message: string }; message?: Message } };

const names = new Set<string>([
  "message.start",
  "status",
  "sources",
  "message.delta",
  "message.end",
  "error",
] satisfies AnswerEvent["name"][]);

/** Null for an event that a newer server has and we do not know. */
export function parseEvent(event: ServerEvent): AnswerEvent | null {
  if (!names.has(event.name)) return null;
  return { name: event.name, data: JSON.parse(event.data) } as AnswerEvent;
}

export function isLast(event: AnswerEvent): boolean {
  return event.name === "message.end" || event.name === "error";
}
