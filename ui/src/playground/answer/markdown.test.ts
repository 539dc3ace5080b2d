import { expect, test } from "vitest";
import { parseBlocks, parseInline } from "./markdown";

test("citations and doubts are found in the text", () => {
  expect(parseInline("Nine to five. [1] Also at night. [?]")).toEqual([
    { type: "text", text: "Nine to five. " },
    { type: "cite", number: 1 },
    { type: "text", text: " Also at night." },
    { type: "doubt" },
  ]);
});

test("a list is a list, and a line that goes on belongs to its item", () => {
  expect(parseBlocks("- one\n- two\n  and more")).toEqual([
    {
      type: "list",
      ordered: false,
      start: 1,
      items: [[{ type: "text", text: "one" }], [{ type: "text", text: "two and more" }]],
    },
  ]);
});

test("a table has a head and rows", () => {
  const [table] = parseBlocks("| Day | Hours |\n|---|---|\n| Monday | 9–17 |");
  expect(table).toMatchObject({
    type: "table",
    rows: [[[{ text: "Monday" }], [{ text: "9–17" }]]],
  });
});

test("code is left as it is, also while its end has not come yet", () => {
  expect(parseBlocks("```\n**not bold**")).toEqual([{ type: "code", text: "**not bold**" }]);
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "//evil",
])("%s does not become a link", (href) => {
  expect(parseInline(`[click](${href})`).some(({ type }) => type === "link")).toBe(false);
});

test("an address of the web becomes a link, without the full stop after it", () => {
  expect(parseInline("See https://example.org/a.")).toContainEqual({
    type: "link",
    href: "https://example.org/a",
    text: "https://example.org/a",
  });
});

test("text of a thousand brackets is read in no time", () => {
  const began = performance.now();
  parseInline("[".repeat(20_000));
  parseInline("*a ".repeat(2_000));
  expect(performance.now() - began).toBeLessThan(1_500);
});
