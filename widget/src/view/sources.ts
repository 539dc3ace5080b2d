/** The sources below an answer, and the page that shows one of them in full. */

import { cut, places, unwrap } from "../citations";
import { button, h, icon, iconButton } from "../dom";
import type { Words } from "../languages";
import type { Citation } from "../wire";

type Open = (citation: Citation, from: HTMLElement) => void;

/** One chip for each source: number, document, place. */
export function sourceList(citations: Citation[], words: Words, open: Open): HTMLElement {
  const items = citations.map((citation) => {
    const { number, document_name: name } = citation;
    const [where] = places(citation, words);
    const chip = button(
      { class: "chip" },
      () => open(citation, chip),
      h("span", { class: "number" }, String(number)),
      h("span", { class: "name", dir: "auto" }, name),
      where && h("span", { class: "place", dir: "auto" }, where),
    );
    return h("li", {}, chip);
  });
  const list = h("ul", { "aria-label": words.sources }, ...items);
  return h("div", { class: "sources" }, h("div", { class: "label" }, words.sources), list);
}

/** The passage with its quoted sentence marked, or as much of the two as there is. */
function passage(citation: Citation): HTMLElement {
  const text = unwrap(citation.text ?? "");
  const quote = unwrap(citation.quote ?? "");
  const parts = cut(text, quote) ?? [quote ? "" : text, quote, quote && text && `\n\n${text}`];
  return h("blockquote", { dir: "auto" }, parts[0], h("mark", {}, parts[1]), parts[2]);
}

export interface SourcePage {
  element: HTMLElement;
  open: Open;
  /** Go back to the conversation; false when it was not left. */
  close(): boolean;
}

/** The page over the transcript that shows where an answer comes from; `covers` tells when. */
export function sourcePage(words: Words, covers: (on: boolean) => void): SourcePage {
  let origin: HTMLElement;
  const back = iconButton("back", words.back, () => close());
  const bar = h("div", { class: "bar" }, back, h("h2", {}, words.source));
  const content = h("div", { class: "passage", tabindex: "0" });
  const naming = { role: "region", "aria-labelledby": "source" };
  const element = h("div", { class: "source", hidden: true, ...naming }, bar, content);

  function close(): boolean {
    if (element.hidden) return false;
    element.hidden = true;
    covers(false);
    origin.focus();
    return true;
  }

  return {
    element,
    close,
    open(citation, from) {
      const where = places(citation, words).join(" \u00b7 ");
      const title = h("h3", { dir: "auto", id: "source" }, citation.document_name);
      origin = from;
      content.replaceChildren(
        h("div", { class: "paper" }, icon("page"), title),
        h("p", { class: "place", dir: "auto" }, where),
        passage(citation),
      );
      element.hidden = false;
      covers(true);
      back.focus();
      content.querySelector("mark")?.scrollIntoView({ block: "center" });
    },
  };
}
