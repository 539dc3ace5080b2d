/** Why an address cannot be put on the list of sites, or its one spelling. */
export type OriginVerdict =
  | { origin: string }
  | { trouble: "origin" | "originScheme" | "originWide" };

const host =
  /^((\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

// Endings that only an office itself can use; `*.lan` is fine, `*.com` is the world.
const own = ["lan", "local", "localhost", "internal", "intranet", "corp", "home", "test"];

const standardPort = { http: ":80", https: ":443" };

/**
 * What a browser sends as the Origin of a page: scheme, host and port, nothing more.
 * Whoever pastes the address of a whole page means the site it is on.
 */
export function readOrigin(typed: string): OriginVerdict {
  const text = typed.trim().toLowerCase();
  const [, scheme, rest] = /^(https?):\/\/(.*)$/.exec(text) ?? [];
  if (!scheme || rest === undefined)
    return { trouble: text.includes("://") ? "origin" : "originScheme" };
  const slash = rest.search(/[/?#]/);
  const name = withoutStandardPort(scheme, inAscii(slash < 0 ? rest : rest.slice(0, slash)));
  if (!host.test(name)) return { trouble: "origin" };
  return isTooWide(name) ? { trouble: "originWide" } : { origin: `${scheme}://${name}` };
}

function withoutStandardPort(scheme: string, name: string): string {
  const port = standardPort[scheme as "http" | "https"];
  return name.endsWith(port) ? name.slice(0, -port.length) : name;
}

/** Browsers send münchen.example as xn--mnchen-3ya.example. */
function inAscii(name: string): string {
  if (!/[^ -~]/.test(name)) return name;
  try {
    return new URL(`http://${name}`).host;
  } catch {
    return name;
  }
}

function isTooWide(name: string): boolean {
  const ending = /^\*\.([^:]+)/.exec(name)?.[1];
  return ending !== undefined && !ending.includes(".") && !own.includes(ending);
}
