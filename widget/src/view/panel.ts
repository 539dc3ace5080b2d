/** The panel: header, transcript, composer, and the keyboard's way through them. */

import { h } from "../dom";
import type { Look } from "../options";
import { type Composer, composer } from "./composer";
import { header } from "./header";
import { sourcePage } from "./sources";
import { type Transcript, transcript } from "./transcript";

export interface PanelParts {
  look: Look;
  send(text: string): boolean;
  stop(): void;
  fresh(): void;
  erase(): void;
  close(): void;
}

export interface Panel {
  element: HTMLElement;
  log: Transcript;
  field: Composer;
  /** Take over what may change while the panel stands. */
  dress(look: Look): void;
  announce(text: string, urgent?: boolean): void;
  /** Tell whether the panel covers the page, so that the focus has to stay inside. */
  cover(modal: boolean): void;
  /** Leave the source shown, if one is. */
  uncover(): void;
}

const FOCUSABLE = 'a[href], button:not(:disabled), textarea, [tabindex="0"]';

export function panel({ look, send, stop, fresh, erase, close }: PanelParts): Panel {
  const { words, title, inline } = look;
  // Both stay in place from the start: a live region that comes and goes is not heard.
  const news = h("div", { class: "unseen", role: "status" });
  const alarm = h("div", { class: "unseen", role: "alert" });
  const main = h("div", { class: "main" });
  const page = sourcePage(words, (on) => main.classList.toggle("covered", on));
  const announce = (text: string, urgent?: boolean) => {
    (urgent ? alarm : news).textContent = text;
  };
  const field = composer({ words, send, stop });
  const parts = { words, name: title, cite: page.open, announce, startOver: fresh };
  const log = transcript(parts, field.busy);
  const head = header({ words, fresh, erase, close: inline ? undefined : close });
  const naming = { role: inline ? "region" : "dialog", "aria-labelledby": "title" };
  const attributes = { class: "panel", part: "panel", id: "panel", tabindex: "-1", ...naming };
  const element = h("section", { ...attributes, hidden: !inline }, main, page.element, news, alarm);
  let modal = false;

  main.append(
    head.element,
    log.element,
    h("div", { class: "foot" }, log.latest, field.element, h("p", {}, words.notice)),
  );

  function leave(event: Event): void {
    event.preventDefault();
    if (!page.close() && !head.dismiss()) close();
  }

  function trap(event: KeyboardEvent): void {
    const seen = [...element.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
      (each) => each.getClientRects().length > 0 && getComputedStyle(each).visibility === "visible",
    );
    if (event.shiftKey) seen.reverse();
    const { activeElement } = element.getRootNode() as ShadowRoot;
    if (activeElement !== seen[seen.length - 1] && activeElement !== element) return;
    event.preventDefault();
    seen[0]?.focus();
  }

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) leave(event);
    if (event.key === "Tab" && modal) trap(event);
  });
  // Outside the shadow a key press seems to come from no field at all, and would set off the
  // shortcuts of the page.
  for (const name of ["keydown", "keyup", "keypress"]) {
    element.addEventListener(name, (event) => event.stopPropagation());
  }

  return {
    element,
    log,
    field,
    announce,
    uncover: page.close,
    dress(next) {
      head.title(next.title);
      log.welcome(next.welcome);
      field.placeholder(next.placeholder);
    },
    cover(on) {
      modal = on;
      element.setAttribute("aria-modal", String(on));
    },
  };
}
