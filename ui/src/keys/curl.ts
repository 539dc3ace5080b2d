import type { NewApiKey } from "../api/types";

/** A command that shows the new key at work. */
export function curlFor(made: NewApiKey, origin: string): string {
  const call = (path: string, ...more: string[]) =>
    [`curl ${origin}${path}`, ...more, `-H "Authorization: Bearer ${made.key}"`].join(" \\\n  ");
  if (made.scopes.includes("assistants:read")) return call("/v1/assistants");
  if (made.kind === "secret" && made.scopes.includes("knowledge:read")) {
    return call("/v1/knowledge-sources");
  }
  const site = made.kind === "publishable" ? [`-H "Origin: ${made.origins[0] ?? ""}"`] : [];
  const assistant = made.assistant_id ?? "ASSISTANT_ID";
  return call(
    `/v1/assistants/${assistant}/sessions`,
    "-X POST",
    ...site,
    '-H "Content-Type: application/json"',
    "-d '{}'",
  );
}
