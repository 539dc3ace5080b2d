/**
 * Pure: the little Markdown that answers use, as a tree. Nothing here makes HTML:
 * React writes each leaf as text, so a document cannot bring in markup of its own.
 */

export type Inline =
  | { type: "text"; text: string }
  | { type: "strong" | "em"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "link"; href: string; text: string }
  | { type: "cite"; number: number }
  | { type: "doubt" };

export type Block =
  | { type: "paragraph" | "heading" | "quote"; children: Inline[] }
  | { type: "list"; ordered: boolean; start: number; items: Inline[][] }
  | { type: "table"; head: Inline[][]; rows: Inline[][][] }
  | { type: "code"; text: string };

const bullet = /^\s*[-*+]\s+(.*)$/;
const numbered = /^\s*(\d{1,9})[.)]\s+(.*)$/;
const ruler = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;

export function parseBlocks(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  while (lines.length) {
    const line = lines[0] as string;
    if (line.trim() === "") lines.shift();
    else if (line.startsWith("```")) blocks.push(takeCode(lines));
    else if (line.includes("|") && ruler.test(lines[1] ?? "")) blocks.push(takeTable(lines));
    else if (bullet.test(line) || numbered.test(line)) blocks.push(takeList(lines));
    else blocks.push(takeText(lines));
  }
  return blocks;
}

function takeWhile(lines: string[], wanted: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !wanted(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function takeCode(lines: string[]): Block {
  lines.shift();
  const body = takeWhile(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return { type: "code", text: body.join("\n") };
}

function takeTable(lines: string[]): Block {
  const [head = "", , ...rows] = takeWhile(lines, (line) => line.includes("|"));
  return { type: "table", head: cells(head), rows: rows.map(cells) };
}

function cells(row: string): Inline[][] {
  return row
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => parseInline(cell.trim()));
}

function takeList(lines: string[]): Block {
  const ordered = !bullet.test(lines[0] as string);
  const pattern = ordered ? numbered : bullet;
  const start = Number(ordered ? pattern.exec(lines[0] as string)?.[1] : 1);
  const items: string[] = [];
  for (const line of takeWhile(lines, (one) => pattern.test(one) || /^\s{2,}\S/.test(one))) {
    const words = pattern.exec(line)?.at(-1);
    if (words !== undefined) items.push(words);
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return { type: "list", ordered, start, items: items.map(parseInline) };
}

function takeText(lines: string[]): Block {
  const first = lines.shift() as string;
  const heading = /^#{1,6}\s+(.*)$/.exec(first);
  if (heading) return { type: "heading", children: parseInline(heading[1] ?? "") };
  const quoted = /^>\s?(.*)$/.exec(first);
  const rest = takeWhile(lines, (line) => isPlain(line) && line.startsWith(">") === !!quoted);
  const all = [first, ...rest].map((line) => line.replace(/^>\s?/, ""));
  return { type: quoted ? "quote" : "paragraph", children: parseInline(all.join("\n")) };
}

function isPlain(line: string): boolean {
  return (
    line.trim() !== "" &&
    !line.startsWith("```") &&
    !/^#{1,6}\s/.test(line) &&
    !bullet.test(line) &&
    !numbered.test(line)
  );
}

const marks: [RegExp, (found: RegExpExecArray) => Inline][] = [
  [/`([^`\n]+)`/, (found) => ({ type: "code", text: found[1] as string })],
  [/\[(\d{1,3})\](?!\()/, (found) => ({ type: "cite", number: Number(found[1]) })],
  [/ ?\[\?\]/, () => ({ type: "doubt" })],
  [/\[([^\]\n]+)\]\(([^)\s]+)\)/, (found) => link(found[2] as string, found[1] as string)],
  [/\bhttps?:\/\/[^\s<>()[\]]*[^\s<>()[\].,;:!?'"]/, (found) => link(found[0], found[0])],
  [/\*\*(.+?)\*\*/s, (found) => ({ type: "strong", children: parseInline(found[1] as string) })],
  [/(?<!\w)[*_]([^\s*_][^*_]*?)[*_](?!\w)/, (found) => em(found[1] as string)],
];

export function parseInline(text: string): Inline[] {
  const pieces: Inline[] = [];
  let rest = text;
  for (let next = firstMark(rest); next; next = firstMark(rest)) {
    const { found, make } = next;
    if (found.index > 0) pieces.push({ type: "text", text: rest.slice(0, found.index) });
    pieces.push(make(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return rest ? [...pieces, { type: "text", text: rest }] : pieces;
}

function firstMark(text: string) {
  let best: { found: RegExpExecArray; make: (found: RegExpExecArray) => Inline } | null = null;
  for (const [pattern, make] of marks) {
    const found = pattern.exec(text);
    if (found && (best === null || found.index < best.found.index)) best = { found, make };
  }
  return best;
}

function em(text: string): Inline {
  return { type: "em", children: parseInline(text) };
}

/** Only addresses of the web and of mail become links; the rest stays as it was written. */
function link(href: string, text: string): Inline {
  const safe = /^(https?:\/\/|mailto:|tel:)/i.test(href);
  return safe ? { type: "link", href, text } : { type: "text", text: `[${text}](${href})` };
}
