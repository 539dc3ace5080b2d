import { expect, test } from "vitest";
import { contrast, textOn } from "./contrast";

test("black on white has the highest contrast there is", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
});

test("the order of the colours does not matter", () => {
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  expect(contrast("#ffffff", "#767676")).toBeCloseTo(4.54, 2);
});

test("text is white on dark colours and dark on bright ones", () => {
  expect(textOn("#0f766e")).toBe("#ffffff");
  expect(textOn("#facc15")).toBe("#111111");
});
