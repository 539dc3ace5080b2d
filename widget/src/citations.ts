/** Pure: words for the place of a citation, and its sentence found within the passage. */

import type { Words } from "./languages";
import type { Citation } from "./wire";

/** "Page 3" or "Prices, B2:D9", then the heading: the parts of a place there are. */
export function places({ page, sheet, cells, heading }: Citation, words: Words): string[] {
  const range = sheet && cells ? `${sheet}, ${cells}` : sheet;
  return [page ? `${words.page} ${page}` : "", range ?? "", heading ?? ""].filter(Boolean);
}

/** A passage without the line ends of its page; paragraphs, lists and rows keep theirs. */
export function unwrap(text: string): string {
  return text.replace(/([^\n.:;!?])[^\S\n]*\n(?=\p{Ll})/gu, "$1 ");
}

/**
 * `text` cut in three, the quoted sentence in the middle.
 *
 * Line breaks and runs of spaces count as one space, because a passage keeps the lines of its page
 * and a quote does not. Null when the quote is not there.
 */
export function cut(text: string, quote: string): [string, string, string] | null {
  const tokens = quote.trim().split(/\s+/).filter(Boolean);
  if (tokens.length === 0) return null;
  const escaped = tokens.map((token) => token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(escaped.join("\\s+"), "i").exec(text);
  if (!found) return null;
  const end = found.index + found[0].length;
  return [text.slice(0, found.index), found[0], text.slice(end)];
}

/** The sources of an answer, one for each number, in order. */
export function unique(citations: readonly Citation[]): Citation[] {
  const byNumber = new Map(citations.map((citation) => [citation.number, citation]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** An answer as a screen reader should say it: no markers, no markdown signs. */
export function spoken(content: string): string {
  return content
    .replace(/ ?\[(\d{1,3}|\?)\]/g, "")
    .replace(/[*_`#>|~]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
