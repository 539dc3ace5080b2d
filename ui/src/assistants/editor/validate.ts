import i18next from "i18next";

const empty = (text: string) => text.trim() === "";

/** A number field that was emptied holds text. */
const given = (value: unknown) =>
  typeof value === "number" ? null : i18next.t("editor:invalid.number");

/** The slips worth catching while typing; the server has the last word. */
export const rules = {
  name: (name: string) => (empty(name) ? i18next.t("editor:invalid.name") : null),
  answers: {
    refusal_text: (text: string) => (empty(text) ? i18next.t("editor:invalid.refusal") : null),
    wait_seconds: given,
  },
  knowledge: { k: given },
  llm: { temperature: given, top_p: given, max_tokens: given },
  widget: {
    primary_color: (color: string) =>
      /^#[0-9a-f]{6}$/i.test(color) ? null : i18next.t("editor:invalid.color"),
  },
} satisfies Record<string, unknown>;

/** The tab on which a field stands, to lead people to a mistake they cannot see. */
export function tabOf(field: string): string {
  if (field.startsWith("widget.")) return "look";
  return field.startsWith("security.") ? "access" : "behaviour";
}
