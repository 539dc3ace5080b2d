import type { AssistantDraft } from "../../api/assistants";
import type { AssistantPatch } from "../../api/generated";
import type { Assistant } from "../../api/types";

/** The part of an assistant that the editor changes, apart from the rest. */
export function draftOf(assistant: Assistant): AssistantDraft {
  const { name, description, instructions, tone, llm, answers, knowledge, security, widget } =
    assistant;
  return { name, description, instructions, tone, llm, answers, knowledge, security, widget };
}

/** What has to be sent to turn one into the other: only what differs, group by group. */
export function changesBetween(before: AssistantDraft, after: AssistantDraft): AssistantPatch {
  const change: Record<string, unknown> = {};
  for (const key of Object.keys(after) as (keyof AssistantDraft)[]) {
    const [was, is] = [before[key], after[key]];
    if (typeof is === "string") {
      if (was !== is) change[key] = is;
    } else {
      const parts = differing(was as object, is);
      if (Object.keys(parts).length) change[key] = parts;
    }
  }
  return change as AssistantPatch;
}

function differing(before: object, after: object): object {
  const was = Object.entries(before);
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => {
      const old = was.find(([name]) => name === key)?.[1];
      return JSON.stringify(old) !== JSON.stringify(value);
    }),
  );
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
