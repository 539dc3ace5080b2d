import i18next from "i18next";

export const scopes = [
  "chat",
  "assistants:read",
  "assistants:write",
  "knowledge:read",
  "knowledge:write",
  "admin",
] as const;

export type Scope = (typeof scopes)[number];

export const usual: Scope[] = scopes.filter((scope) => scope !== "admin");

// Colons separate namespaces in i18next, and these names have one of their own.
const look = { nsSeparator: false, ns: "keys" } as const;

export function scopeName(scope: string): string {
  return i18next.t(`scopes.${scope}.name` as never, { ...look, defaultValue: scope }) as string;
}

export function scopeText(scope: string): string {
  return i18next.t(`scopes.${scope}.text` as never, { ...look, defaultValue: "" }) as string;
}
