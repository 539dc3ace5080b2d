/** One answer of the transcript: status, text as it comes, sources, notes, another try. */

import { spoken, unique } from "../citations";
import type { AnswerStage, Problem } from "../conversation";
import { button, h, type Icon, icon } from "../dom";
import type { Words } from "../languages";
import { type Writer, writeMarkdown } from "../markdown";
import { place } from "../queue";
import type { Citation, Message } from "../wire";
import { sourceList } from "./sources";

export interface AnswerParts {
  words: Words;
  name: string;
  /** Show a citation in full; `from` gets the focus back afterwards. */
  cite(citation: Citation, from: HTMLElement): void;
  /** Say aloud: news politely, problems at once. */
  announce(text: string, urgent?: boolean): void;
  startOver(): void;
  /** The answer has become longer. */
  grown(): void;
}

/** Once a frame when the page is looked at, and still now and then when it is not. */
const soon = (task: () => void): void => {
  if (document.hidden) setTimeout(task, 100);
  else requestAnimationFrame(task);
};

/** A sentence for a visitor about what went wrong. */
export function sentence({ code, status, retryAfter }: Problem, words: Words): string {
  const byCode: Record<string, string> = {
    context_full: words.full,
    busy: words.busy,
  };
  const byStatus: Record<number, string> = {
    0: words.network,
    413: words.invalid,
    422: words.invalid,
    429: words.limit.replace("%s", String(Math.ceil(retryAfter || 30))),
    503: words.busy,
  };
  return byCode[code] ?? byStatus[status] ?? words.failed;
}

// A place in the line changes often; this long after it was said it may be said again.
const CALM = 15_000;

/** An empty answer: its element, and the stage that fills it. */
export function answerView(parts: AnswerParts): AnswerStage & { element: HTMLElement } {
  const { words, announce, grown, startOver } = parts;
  const body = h("div", { class: "body" });
  const state = h("div", { class: "status" });
  const after = h("div", { class: "after" });
  const bubble = h("div", { class: "bubble" }, body, state);
  const element = h(
    "article",
    { class: "message answer", "aria-label": parts.name },
    bubble,
    after,
  );
  let writer: Writer | null = null;
  let written = "";
  let waiting = "";
  let unsure = false;
  let told = "";
  let toldAt = 0;
  let known = new Map<number, Citation>();

  function know(citations: Citation[]): void {
    known = new Map(citations.map((citation) => [citation.number, citation]));
  }

  function cite(number: number): Node | null {
    const citation = known.get(number);
    if (!citation) return null;
    const { document_name: name } = citation;
    const attributes = {
      class: "cite",
      "aria-label": `${words.source} ${number}: ${name}`,
      title: name,
    };
    // By the time of the click the citation may have got its quote.
    const show = () => parts.cite(known.get(number) ?? citation, marker);
    const marker = button(attributes, show, h("span", {}, String(number)));
    return marker;
  }

  function doubt(): Node {
    unsure = true;
    const label = { class: "unsure", role: "img", "aria-label": words.unsure, title: words.unsure };
    return h("span", label, "?");
  }

  function write(text: string): void {
    writer ??= writeMarkdown(body, { words, cite, unsure: doubt });
    writer.write(text);
    written += text;
  }

  function flush(): void {
    if (!waiting) return;
    const text = waiting;
    waiting = "";
    state.replaceChildren();
    body.dataset.live = "";
    write(text);
    grown();
  }

  function empty(): void {
    body.replaceChildren();
    writer = null;
    written = "";
    unsure = false;
  }

  /** Close the text and take away what belonged to its writing. */
  function close(): void {
    flush();
    writer?.end();
    writer = null;
    delete body.dataset.live;
    state.replaceChildren();
    after.replaceChildren();
    bubble.hidden = written === "";
    element.removeAttribute("aria-busy");
  }

  function note(text: string, style = ""): void {
    after.append(h("div", { class: `note ${style}` }, icon("info"), h("span", {}, text)));
  }

  function action(sign: Icon, text: string, act: () => void): void {
    after.append(button({ class: "action" }, act, icon(sign), text));
  }

  /** What a visitor should know about how the answer came to be. */
  function explain({ mode, state: end, reason }: Message): void {
    const refused = mode === "refuse";
    const whole = end === "complete";
    const full = reason === "context_full" && !whole;
    const why = reason === "stopped" ? words.stopped : full ? words.full : words.interrupted;
    const text = refused ? words.refused : whole ? unsure && words.unsureNote : why;
    element.classList.toggle("refused", refused);
    if (text) note(text);
    if (full) action("fresh", words.fresh, startOver);
  }

  return {
    element,
    sources: know,
    status(status) {
      const { state: name } = status;
      const labels: Record<string, string> = {
        searching: words.searching,
        queued: place(status, words),
        writing: words.writing,
        reconnecting: words.reconnecting,
      };
      // While text is coming the text itself is the sign of life.
      const label = name === "reconnecting" || !(written || waiting) ? labels[name] : "";
      const dots = h("span", { class: "dots" }, h("i"), h("i"), h("i"));
      state.replaceChildren(...(label ? [dots, label] : []));
      element.setAttribute("aria-busy", "true");
      if (label && (name !== told || Date.now() > toldAt + CALM)) {
        if (name !== "writing") announce(label);
        toldAt = Date.now();
      }
      told = name;
      grown();
    },
    delta(text) {
      if (!waiting) soon(flush);
      waiting += text;
    },
    finish(message) {
      const citations = unique(message.citations ?? []);
      flush();
      const content = message.content || written;
      const linked = citations.every(({ number }) => known.has(number));
      know(citations);
      if (content !== written || !linked) {
        empty();
        write(content);
      }
      close();
      explain(message);
      if (citations.length > 0 && message.mode !== "refuse") {
        after.append(sourceList(citations, words, parts.cite));
      }
      announce(spoken(content));
      grown();
    },
    fail(problem, again) {
      const text = sentence(problem, words);
      close();
      note(text, "problem");
      if (problem.code === "context_full") action("fresh", words.fresh, startOver);
      else action("again", words.again, again);
      announce(text, true);
      grown();
    },
    reset() {
      empty();
      after.replaceChildren();
      bubble.hidden = false;
    },
  };
}
