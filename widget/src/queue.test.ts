import { expect, it } from "vitest";
import { wordsOf } from "./languages";
import { place } from "./queue";

const en = wordsOf("en");
const waiting = { state: "queued" };

it("says how many are before, and how long it may take", () => {
  expect(place({ ...waiting, position: 2, wait_seconds: 7.4 }, en)).toBe("2 before you, about 8 s");
  expect(place({ ...waiting, position: 2, wait_seconds: 8 }, wordsOf("de"))).toBe(
    "2 vor Ihnen, etwa 8 s",
  );
});

it("leaves out what the appliance does not know", () => {
  expect(place({ ...waiting, position: 3, wait_seconds: null }, en)).toBe("3 before you\u2026");
  expect(place({ ...waiting, wait_seconds: 8 }, en)).toBe("Waiting in line, about 8 s");
  expect(place(waiting, en)).toBe("Waiting in line\u2026");
});

it("has a word for those who are next", () => {
  expect(place({ ...waiting, position: 0 }, en)).toBe("You are next\u2026");
});
