import { expect, test } from "vitest";
import { cspEntries, scriptTag } from "./snippet";

test("the tag names this appliance and this assistant", () => {
  expect(scriptTag("https://ai.example", "asst_1")).toBe(
    '<script async src="https://ai.example/widget.js" data-assistant-id="asst_1"></script>',
  );
});

test("a page's policy has to allow the script, its requests and its pictures", () => {
  expect(cspEntries("https://ai.example")).toBe(
    "script-src https://ai.example; connect-src https://ai.example; img-src https://ai.example data:",
  );
});
