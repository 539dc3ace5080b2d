import { expect, test } from "vitest";
import { around } from "./quote";

test("the quote is found across line breaks", () => {
  expect(around("We are\nopen from nine.", "We are open")).toEqual({
    before: "",
    quote: "We are\nopen",
    after: " from nine.",
  });
});

test("signs that mean something in a pattern are taken as they are", () => {
  expect(around("It costs 12 $ (net).", "12 $ (net).").quote).toBe("12 $ (net).");
});

test("a quote that is not there leaves the passage whole", () => {
  expect(around("We are open.", "closed")).toEqual({
    before: "We are open.",
    quote: "",
    after: "",
  });
  expect(around("We are open.", null).before).toBe("We are open.");
});
