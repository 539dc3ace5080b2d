import { describe, expect, it } from "vitest";
import { clean, safeUrl, trimUrl } from "./links";

describe("an address out of an answer", () => {
  it.each([
    "https://example.org/a?b=c#d",
    "http://intranet.local:8080/",
    "mailto:hr@example.org",
    "tel:+441234567",
    "HTTPS://example.org/",
  ])("may be %s", (address) => expect(safeUrl(address)).not.toBeNull());

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://x/1",
    "//evil.example/x",
    "/relative",
    "page 3",
    "https://good.example@evil.example/",
    "https://user:pw@evil.example/",
    "https://",
    `https://example.org/${"a".repeat(2000)}`,
    "",
  ])("may not be %j", (address) => expect(safeUrl(address)).toBeNull());

  it("is cut from the punctuation and the markers that touch it", () => {
    expect(trimUrl("https://example.org/a).")).toEqual(["https://example.org/a", ")."]);
    expect(trimUrl("https://example.org[1].")).toEqual(["https://example.org", "[1]."]);
  });
});

it("takes out what is invisible or turns the text around", () => {
  expect(clean("a\u202Eb\u0000c\u2066d\ne\tf")).toBe("abcd\ne\tf");
});
