/** Where the visitor writes. One button: it sends, and while an answer comes it stops. */

import { h, icon } from "../dom";
import type { Words } from "../languages";

export interface ComposerParts {
  words: Words;
  /** Take the text; false leaves it in the field. */
  send(text: string): boolean;
  stop(): void;
}

export interface Composer {
  element: HTMLElement;
  placeholder(text: string): void;
  focus(): void;
  busy(on: boolean): void;
}

const TALLEST = 144;

export function composer({ words, send, stop }: ComposerParts): Composer {
  let answering = false;
  const field = h("textarea", { rows: "1", dir: "auto", maxlength: "8000", enterkeyhint: "send" });
  const action = h("button");
  const element = h("form", { class: "composer" }, field, action);

  function fit(): void {
    action.disabled = !answering && !field.value.trim();
    field.style.height = "auto";
    // Out of sight it has no height; one line is what it opens with.
    if (field.scrollHeight) field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
  }

  function submit(): void {
    if (!send(field.value)) return;
    field.value = "";
    fit();
  }

  function busy(on: boolean): void {
    const label = on ? words.stop : words.send;
    answering = on;
    action.className = on ? "send stop" : "send";
    action.replaceChildren(icon(on ? "stop" : "send"));
    action.setAttribute("aria-label", label);
    action.title = label;
    fit();
  }

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (answering) stop();
    else submit();
  });
  field.addEventListener("input", fit);
  field.addEventListener("keydown", (event) => {
    // Enter also ends a word in an input method; 229 is how some browsers say so.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    if (!answering) submit();
  });
  busy(false);

  return {
    element,
    busy,
    focus: () => field.focus({ preventScroll: true }),
    placeholder(text) {
      field.placeholder = text;
      field.setAttribute("aria-label", text);
    },
  };
}
