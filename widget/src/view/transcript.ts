/** The conversation: who said what, kept at its end while the visitor reads there. */

import type { Stage } from "../conversation";
import { h, iconButton } from "../dom";
import { writeMarkdown } from "../markdown";
import { type AnswerParts, answerView } from "./answer";

// Closer to the end than this counts as being at the end.
const NEAR = 60;

export interface Transcript extends Stage {
  element: HTMLElement;
  /** The button that leads back to the end. */
  latest: HTMLElement;
  /** The assistant's first words; they are not part of the conversation. */
  welcome(text: string): void;
  toEnd(): void;
}

export function transcript(
  parts: Omit<AnswerParts, "grown">,
  busy: (on: boolean) => void,
): Transcript {
  const { words, name } = parts;
  const greeting = h("div");
  const messages = h("div", { class: "messages" });
  const latest = iconButton("down", words.latest, toEnd);
  // Streaming into a live region reads letters aloud; the announcer speaks instead.
  const naming = { role: "log", "aria-live": "off", "aria-label": words.conversation };
  const element = h("div", { class: "log", tabindex: "0", ...naming }, greeting, messages);
  let pinned = true;

  latest.className = "latest";
  latest.hidden = true;
  element.addEventListener("scroll", () => {
    const { scrollHeight, scrollTop, clientHeight } = element;
    pinned = scrollHeight - scrollTop - clientHeight < NEAR;
    latest.hidden = pinned;
  });

  function grown(): void {
    if (pinned) element.scrollTop = element.scrollHeight;
    latest.hidden = pinned;
  }

  function toEnd(): void {
    pinned = true;
    grown();
  }

  return {
    element,
    latest,
    toEnd,
    busy,
    welcome(text) {
      const body = h("div", { class: "body" });
      const writer = writeMarkdown(body, { words, cite: () => null, unsure: () => h("span") });
      writer.write(text);
      writer.end();
      const bubble = h("div", { class: "bubble" }, body);
      const message = h("article", { class: "message answer", "aria-label": name }, bubble);
      greeting.replaceChildren(...(text ? [message] : []));
    },
    question(text) {
      const bubble = h("div", { class: "bubble", dir: "auto" }, text);
      messages.append(h("article", { class: "message question", "aria-label": words.you }, bubble));
      toEnd();
    },
    answer() {
      const view = answerView({ ...parts, grown });
      messages.append(view.element);
      grown();
      return view;
    },
    clear() {
      messages.replaceChildren();
      toEnd();
    },
  };
}
