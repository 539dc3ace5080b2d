import { expect, test } from "vitest";
import { duration, fileSize, percent, relative } from "./format";
import { placeInWords } from "./place";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_500, "1.5 kB"],
  [98_123_456, "98 MB"],
])("%i bytes are shown as %s", (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});

test.each([
  [42.4, "42 ms"],
  [1_240, "1.2 s"],
  [61_000, "61 s"],
])("%d milliseconds are shown as %s", (time, words) => {
  expect(duration(time)).toBe(words);
});

test("times are told from now", () => {
  const now = Date.parse("2026-05-01T12:00:00Z");
  expect(relative("2026-05-01T11:57:00Z", now)).toBe("3 minutes ago");
  expect(relative("2026-05-01T11:59:58Z", now)).toBe("just now");
});

test("fractions are percentages", () => expect(percent(0.824)).toBe("82%"));

test("a place names what the format has", () => {
  const place = { page: 3, heading: "Prices", sheet: null, cells: null };
  expect(placeInWords(place)).toBe("page 3 · Prices");
  expect(placeInWords({ page: null, heading: null, sheet: "2026", cells: "A2:D9" })).toBe(
    "sheet 2026 · cells A2:D9",
  );
});
