import i18next from "i18next";
import type { Difference } from "./differences";

const LONGEST = 60; // characters of a value worth showing in a line

/** What changed, as lines a person reads. */
export function inWords({ field, was, is }: Difference): string[] {
  if (field === "security.allowed_origins") return sites(was, is);
  const name = i18next.t(`editor:versions.fields.${field}` as never, {
    defaultValue: field,
  }) as string;
  const [from, to] = [valueInWords(field, was), valueInWords(field, is)];
  if (from === null || to === null) return [i18next.t("editor:versions.changed", { field: name })];
  return [i18next.t("editor:versions.turned", { field: name, from, to })];
}

function sites(was: unknown, is: unknown): string[] {
  const [before, after] = [list(was), list(is)];
  return [
    ...after
      .filter((origin) => !before.includes(origin))
      .map((origin) => i18next.t("editor:versions.sitesAdded", { origin })),
    ...before
      .filter((origin) => !after.includes(origin))
      .map((origin) => i18next.t("editor:versions.sitesRemoved", { origin })),
  ];
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const named: Record<string, (value: string) => string> = {
  "answers.mode": (value) => i18next.t(`editor:mode.${value}.name` as never),
  "answers.unsupported": (value) => i18next.t(`editor:unsupported.${value}.name` as never),
  "widget.theme": (value) => i18next.t(`editor:look.themes.${value}` as never),
  "widget.position": (value) => i18next.t(`editor:look.positions.${value}` as never),
};

/** Null when the value is too long to be shown in a line. */
function valueInWords(field: string, value: unknown): string | null {
  if (value === null || value === undefined) return i18next.t("editor:versions.automatic");
  if (value === "") return i18next.t("editor:versions.empty");
  if (typeof value === "object") return null;
  const text = String(value);
  if (text.length > LONGEST || text.includes("\n")) return null;
  return named[field]?.(text) ?? text;
}
