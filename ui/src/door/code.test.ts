import { expect, test } from "vitest";
import { codeBrought } from "./code";

test("the window's code is taken from the fragment", () => {
  expect(codeBrought("#code=K7QM-3XWP-9DHT-W2RB")).toBe("K7QM-3XWP-9DHT-W2RB");
});

test("without one the field stays empty", () => {
  expect(codeBrought("")).toBe("");
  expect(codeBrought("#top")).toBe("");
});
