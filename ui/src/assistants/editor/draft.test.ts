import { expect, test } from "vitest";
import type { AssistantDraft } from "../../api/assistants";
import { changesBetween } from "./draft";
import { rules, tabOf } from "./validate";

const before: AssistantDraft = {
  name: "Front desk",
  description: "",
  instructions: "",
  tone: "",
  llm: {
    model: null,
    fallback: [],
    uses: { draft: null, summary: null, title: null },
    temperature: 0.2,
    top_p: 0.95,
    max_tokens: 400,
  },
  answers: {
    mode: "auto",
    refusal_text: "I don't know",
    unsupported: "mark",
    min_confidence: null,
    wait_seconds: 30,
  },
  knowledge: { collection_ids: [], k: 6, filters: {} },
  security: { allowed_origins: ["https://a.example"] },
  widget: {
    theme: "auto",
    position: "bottom-right",
    title: "",
    primary_color: "#0f766e",
    welcome_message: "",
    placeholder: "",
  },
};

test("nothing changed, nothing sent", () => {
  expect(changesBetween(before, structuredClone(before))).toEqual({});
});

test("only what differs is sent, group by group", () => {
  const after = structuredClone(before);
  after.name = "Reception";
  after.answers.min_confidence = 0.5;
  after.security.allowed_origins.push("https://b.example");
  expect(changesBetween(before, after)).toEqual({
    name: "Reception",
    answers: { min_confidence: 0.5 },
    security: { allowed_origins: ["https://a.example", "https://b.example"] },
  });
});

test("a value that is taken back to automatic is sent as null", () => {
  const set = { ...before, answers: { ...before.answers, min_confidence: 0.5 } };
  expect(changesBetween(set, before)).toEqual({ answers: { min_confidence: null } });
});

test("an emptied name, number or refusal is caught before it is sent", () => {
  expect(rules.name("  ")).toBe("Give the assistant a name.");
  expect(rules.knowledge.k("")).toBe("Enter a number.");
  expect(rules.answers.refusal_text("")).toBe("Say something when there is no answer.");
  expect(rules.widget.primary_color("#12")).not.toBeNull();
});

test("each field is found on its tab", () => {
  expect(["widget.title", "security.allowed_origins", "llm.top_p"].map(tabOf)).toEqual([
    "look",
    "access",
    "behaviour",
  ]);
});
