/** The top of the panel: who answers, and what can be done with the conversation. */

import { button, h, icon, iconButton } from "../dom";
import type { Words } from "../languages";

export interface HeaderParts {
  words: Words;
  fresh(): void;
  erase(): void;
  /** Absent where the panel is part of the page. */
  close?: (() => void) | undefined;
}

export interface Header {
  element: HTMLElement;
  title(text: string): void;
  /** Close the menu; false when it was not open. */
  dismiss(): boolean;
}

export function header({ words, fresh, erase, close }: HeaderParts): Header {
  const name = h("h2", { id: "title", dir: "auto" });
  const menu = h("div", { class: "menu", id: "menu" });
  const more = iconButton("more", words.more, () => show(menu.hidden));
  const element = h(
    "div",
    { class: "head" },
    h("span", { class: "avatar" }, icon("chat")),
    h("div", { class: "who" }, name, h("p", {}, words.subtitle)),
    more,
    menu,
    close && iconButton("close", words.close, close),
  );

  function show(on: boolean): void {
    menu.hidden = !on;
    more.setAttribute("aria-expanded", String(on));
    menu.replaceChildren(
      button({}, () => leave(fresh), icon("fresh"), words.fresh),
      button({}, confirm, icon("erase"), words.erase),
    );
  }

  function leave(act?: () => void): void {
    show(false);
    more.focus();
    act?.();
  }

  /** Erasing cannot be undone, so it asks once. */
  function confirm(): void {
    const keep = button({}, leave, words.no);
    const sure = button({ class: "danger" }, () => leave(erase), icon("erase"), words.yes);
    menu.replaceChildren(h("p", {}, words.eraseAsk), sure, keep);
    keep.focus();
  }

  more.setAttribute("aria-controls", "menu");
  element.addEventListener("focusout", ({ relatedTarget: to }) => {
    // Without a target the focus fell into nothing, as when the pressed button was replaced.
    if (to && !element.contains(to as Node)) show(false);
  });
  show(false);

  return {
    element,
    title(text) {
      name.textContent = text;
    },
    dismiss() {
      if (menu.hidden) return false;
      leave();
      return true;
    },
  };
}
