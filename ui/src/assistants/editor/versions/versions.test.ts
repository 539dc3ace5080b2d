import { expect, test } from "vitest";
import { differences } from "./differences";
import { inWords } from "./words";

const lines = (before: object, after: object) => differences(before, after).flatMap(inWords);

test("a choice is told by its name", () => {
  expect(lines({ answers: { mode: "auto" } }, { answers: { mode: "quote" } })).toEqual([
    "How it answers: Automatic → Quote",
  ]);
});

test("a long text is only said to have changed", () => {
  expect(lines({ instructions: "" }, { instructions: "Be kind. ".repeat(20) })).toEqual([
    "Instructions changed",
  ]);
});

test("sites are told one by one", () => {
  const was = { security: { allowed_origins: ["https://a.example"] } };
  const is = { security: { allowed_origins: ["https://b.example"] } };
  expect(lines(was, is)).toEqual([
    "Allowed https://b.example",
    "No longer allowed: https://a.example",
  ]);
});

test("null is the automatic value", () => {
  const was = { answers: { min_confidence: null } };
  expect(lines(was, { answers: { min_confidence: 0.6 } })).toEqual([
    "Needed confidence: automatic → 0.6",
  ]);
});

test("what did not change is not told", () => {
  expect(lines({ name: "A", llm: { top_p: 1 } }, { name: "A", llm: { top_p: 1 } })).toEqual([]);
});
