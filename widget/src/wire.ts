/** What the appliance sends, as far as the widget reads it. */

export interface Citation {
  number: number;
  document_id: string;
  document_name: string;
  page?: number | null;
  heading?: string | null;
  sheet?: string | null;
  cells?: string | null;
  quote?: string | null;
  text?: string | null;
}

export interface Message {
  id: string;
  role: string;
  content: string;
  state: "writing" | "complete" | "partial" | "failed";
  reason?: string | null;
  mode?: string | null;
  citations?: Citation[] | null;
}

export interface Session {
  id: string;
  messages: Message[];
}

export interface Config {
  assistant_id: string;
  name?: string;
  title?: string;
  theme?: string;
  position?: string;
  primary_color?: string;
  welcome_message?: string;
  placeholder?: string;
  locale?: string | null;
}

/** What the appliance is doing. While a question waits: how many are before it, and how long. */
export interface Status {
  state: string;
  position?: number | null;
  wait_seconds?: number | null;
}

/** One event of an answer, by the name it carries in the stream. */
export type AnswerEvent =
  | { event: "message.start"; data: { session_id: string; message: Message; reply_id: string } }
  | { event: "status"; data: Status }
  | { event: "sources"; data: { sources: Citation[] } }
  | { event: "message.delta"; data: { delta: string } }
  | { event: "message.end"; data: { message: Message } }
  | { event: "error"; data: { error: { code: string; message: string } } }
  | { event: "connection"; data: { state: "online" | "reconnecting" } };
