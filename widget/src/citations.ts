/** Pure: words for the place of a citation, and its sentence found within the passage. */

import type { Words } from "./languages";
import type { Citation } from "./wire";

/** "Page 3 · Leave" or "Sheet Prices, B2:D9"; empty when the document has no places. */
export function place(citation: Citation, words: Words): string {
  const { page, heading, sheet, cells } = citation;
  const parts = [
    page ? `${words.page} ${page}` : "",
    sheet ? `${words.sheet} ${sheet}${cells ? `, ${cells}` : ""}` : "",
    heading ?? "",
  ];
  return parts.filter(Boolean).join(" \u00b7 ");
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
