/**
 * Markdown to nodes while it is being written: append-only, so text can be selected meanwhile.
 *
 * Every node is created by name from the table below and filled with text; there is no way from
 * an answer to markup, styles, scripts or a request. Images become links.
 */

import {
  BLOCKQUOTE,
  CHECKBOX,
  CHECKED,
  CODE_BLOCK,
  CODE_FENCE,
  CODE_INLINE,
  DOCUMENT,
  HEADING_1,
  HEADING_6,
  HREF,
  IMAGE,
  ITALIC_AST,
  ITALIC_UND,
  LANG,
  LINE_BREAK,
  LINK,
  LIST_ITEM,
  LIST_ORDERED,
  LIST_UNORDERED,
  parser as newParser,
  PARAGRAPH,
  parser_end,
  parser_write,
  RAW_URL,
  RULE,
  SRC,
  START,
  STRIKE,
  STRONG_AST,
  STRONG_UND,
  TABLE,
  TABLE_CELL,
  TABLE_ROW,
} from "streaming-markdown";
import { copyText } from "./clipboard";
import { button, h } from "./dom";
import type { Words } from "./languages";
import { clean, safeUrl, trimUrl } from "./links";

export interface Marks {
  words: Words;
  /** The node for `[n]`, or null when there is no such source. */
  cite(number: number): Node | null;
  /** The node for `[?]`. */
  unsure(): Node;
}

export interface Writer {
  write(text: string): void;
  /** Close what is still open. Nothing may be written afterwards. */
  end(): void;
}

interface Place {
  node: HTMLElement;
  type: number;
  url?: string;
  /** How many rows of a table have begun. */
  rows: number;
}

const BLOCKS: number[] = [PARAGRAPH, BLOCKQUOTE, LIST_ITEM, TABLE_CELL];
const VERBATIM: number[] = [CODE_BLOCK, CODE_FENCE, CODE_INLINE, RAW_URL];
const NAMES: Record<number, keyof HTMLElementTagNameMap> = {
  [PARAGRAPH]: "p",
  [BLOCKQUOTE]: "blockquote",
  [LIST_ITEM]: "li",
  [LIST_UNORDERED]: "ul",
  [LIST_ORDERED]: "ol",
  [CODE_INLINE]: "code",
  [ITALIC_AST]: "em",
  [ITALIC_UND]: "em",
  [STRONG_AST]: "strong",
  [STRONG_UND]: "strong",
  [STRIKE]: "del",
  [LINK]: "a",
  [RAW_URL]: "a",
  [IMAGE]: "a",
  [LINE_BREAK]: "br",
  [RULE]: "hr",
  [TABLE_ROW]: "tr",
};
// Deeper nesting is a trick, not an answer; from here on children go into the same node.
const DEEPEST = 20;
// Written before a sign to keep the parser from reading it; taken out before it is shown.
const SHIELD = "\u0001";
const ANY_SCHEME = /^\s*[a-z][a-z0-9+.-]*:/i;
const MARKER = /^(\?|\d{1,3}(\s*,\s*\d{1,3})*)$/;

/** Start writing into `root`. */
export function writeMarkdown(root: HTMLElement, marks: Marks): Writer {
  const { words } = marks;
  const places: Place[] = [{ node: root, type: DOCUMENT, rows: 0 }];
  let first = 0;
  let level = 2;
  const here = () => places[places.length - 1] as Place;
  const parser = newParser({ data: null, add_token, end_token, add_text, set_attr });

  function add_token(_: null, type: number): void {
    const { node } = here();
    const flat = places.length > DEEPEST;
    places.push(
      flat ? { node, type: DOCUMENT, rows: 0 } : { node: create(type, node), type, rows: 0 },
    );
  }

  /** Make the node for `type` within `parent` and return the one its children go into. */
  function create(type: number, parent: HTMLElement): HTMLElement {
    if (type === CODE_FENCE || type === CODE_BLOCK) return codeBlock(parent, words);
    if (type === TABLE) return table(parent, words);
    const made = h(nameOf(type), BLOCKS.includes(type) ? { dir: "auto" } : {});
    if (type === TABLE_ROW) here().rows += 1;
    if (type === CHECKBOX) made.append("[ ]");
    parent.append(made);
    return made;
  }

  function nameOf(type: number): keyof HTMLElementTagNameMap {
    if (type >= HEADING_1 && type <= HEADING_6) return `h${headingLevel(type)}` as "h3";
    if (type !== TABLE_CELL) return NAMES[type] ?? "span";
    return places[places.length - 2]?.rows === 1 ? "th" : "td";
  }

  /** Below the panel's own heading, and never skipping a level, whatever the answer begins with. */
  function headingLevel(type: number): number {
    first = first || type;
    level = Math.max(3, Math.min(3 + type - first, level + 1, 6));
    return level;
  }

  function add_text(_: null, text: string): void {
    const { node } = here();
    const shown = text.replace(SHIELD, "");
    const last = node.lastChild;
    if (last instanceof Text) last.appendData(shown);
    else if (shown) node.append(shown);
  }

  function set_attr(_: null, name: number, value: string): void {
    const place = here();
    const { node } = place;
    if (name === HREF || name === SRC) place.url = value;
    else if (name === START) node.setAttribute("start", String(Number.parseInt(value, 10) || 1));
    else if (name === CHECKED) node.textContent = "[x]";
    else if (name === LANG) {
      const title = node.closest(".code")?.querySelector("span");
      if (title) title.textContent = value.trim().slice(0, 20);
    }
  }

  function end_token(): void {
    const { node, type, url } = places.pop() as Place;
    // The parser stands on the bracket that closes a link; a link can also end without one.
    if (type === RAW_URL) settleAddress(node);
    else if (type === LINK || type === IMAGE) settle(node, url, parser.pending.startsWith("]"));
  }

  /** Decide what a link has turned out to be: a link, a marker of a source, or just text. */
  function settle(node: HTMLElement, url: string | undefined, closed: boolean): void {
    const text = node.textContent ?? "";
    const target = url === undefined ? null : safeUrl(url);
    // Ours are plain text; a document's own `[**1**]` is not one of them.
    const plain = node.childElementCount === 0;
    const marker = closed && !target && plain && MARKER.test(text) ? marksFor(text) : null;
    if (target) link(node, target);
    else if (marker) attach(node, marker);
    else if (url === undefined) node.replaceWith("[", ...node.childNodes, closed ? "]" : "");
    // What was no address was part of the text, and no text may get lost.
    else node.replaceWith(...node.childNodes, ANY_SCHEME.test(url) ? "" : ` (${url})`);
  }

  function settleAddress(node: HTMLElement): void {
    const text = node.textContent ?? "";
    const [address, tail] = trimUrl(text);
    const target = safeUrl(address);
    if (!target) {
      node.replaceWith(text);
      return;
    }
    node.textContent = address;
    link(node, target);
    node.after(tail);
  }

  function marksFor(text: string): Node[] | null {
    if (text === "?") return [marks.unsure()];
    const found = text.split(",").map((number) => marks.cite(Number(number)));
    return found.every(Boolean) ? (found as Node[]) : null;
  }

  /** Keep `sign` from starting a formula or an address, neither of which answers here have. */
  function guard(sign: string): string {
    const { pending } = parser;
    if (VERBATIM.includes(parser.tokens[parser.len] as number)) return sign;
    if (pending.startsWith("`") || pending.startsWith("](")) return sign;
    if (pending === "\\") return sign === "$" ? sign : `\\${sign}`;
    if (sign === "$") return `\\${sign}`;
    const { node, type } = here();
    const marker = type === LINK && MARKER.test(node.textContent ?? "");
    return sign === "(" && pending === "]" && marker ? SHIELD + sign : sign;
  }

  return {
    write(text) {
      // Every second part is one of the signs.
      clean(text)
        .split(/([$([])/)
        .forEach((part, at) => {
          if (part) parser_write(parser, at % 2 ? guard(part) : part);
        });
    },
    end() {
      if (parser.pending.startsWith("](")) here().url = parser.pending.slice(2);
      else parser_end(parser);
      while (places.length > 1) end_token();
    },
  };
}

/** Put markers where `node` is, tied to the word they follow so that no line ends between. */
function attach(node: HTMLElement, markers: Node[]): void {
  const before = node.previousSibling;
  const word = before instanceof Text ? (/\S{1,20}\s?$/.exec(before.data)?.[0] ?? "") : "";
  if (word) (before as Text).data = (before as Text).data.slice(0, -word.length);
  node.replaceWith(h("span", { class: "tied" }, word, ...markers));
}

function link(node: HTMLElement, target: string): void {
  node.setAttribute("href", target);
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
  if (!node.textContent) node.textContent = target;
}

function table(parent: HTMLElement, words: Words): HTMLElement {
  const body = h("tbody");
  const frame = { class: "table", tabindex: "0", role: "region", "aria-label": words.table };
  parent.append(h("div", frame, h("table", {}, body)));
  return body;
}

function codeBlock(parent: HTMLElement, words: Words): HTMLElement {
  const code = h("code");
  const copy = button(
    {},
    async () => {
      if (await copyText(code.textContent ?? "")) copy.textContent = words.copied;
    },
    words.copy,
  );
  const lines = h("pre", { tabindex: "0" }, code);
  const bar = h("div", {}, h("span", {}, words.code), copy);
  parent.append(h("div", { class: "code", dir: "ltr" }, bar, lines));
  return code;
}
