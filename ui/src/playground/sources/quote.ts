/** A passage around the words that are quoted from it. */
export interface Around {
  before: string;
  quote: string; // empty when the passage does not hold it
  after: string;
}

/** Finds the quote whatever white space lies between its words. */
export function around(text: string, quote: string | null | undefined): Around {
  const words = (quote ?? "").split(/\s+/).filter(Boolean);
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const found = words.length ? new RegExp(pattern).exec(text) : null;
  if (!found) return { before: text, quote: "", after: "" };
  const end = found.index + found[0].length;
  return { before: text.slice(0, found.index), quote: found[0], after: text.slice(end) };
}
