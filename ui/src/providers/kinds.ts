import type { Provider, ProviderKind } from "../api/providers";

interface Fields {
  address: "needed" | "optional" | "none";
  version: boolean; // of the API
  key: "needed" | "optional";
}

/** What each kind of provider has to be told. */
export const fieldsOf: Record<ProviderKind, Fields> = {
  openai: { address: "none", version: false, key: "needed" },
  azure: { address: "needed", version: true, key: "needed" },
  anthropic: { address: "none", version: false, key: "needed" },
  gemini: { address: "none", version: false, key: "needed" },
  groq: { address: "none", version: false, key: "needed" },
  compatible: { address: "needed", version: false, key: "optional" },
};

const hosts: Partial<Record<ProviderKind, string>> = {
  openai: "api.openai.com",
  anthropic: "api.anthropic.com",
  gemini: "generativelanguage.googleapis.com",
  groq: "api.groq.com",
};

/** Where texts go, as a person would name the place. */
export function hostOf({ kind, base_url }: Pick<Provider, "kind" | "base_url">): string {
  const address = base_url ?? "";
  if (address && URL.canParse(address)) return new URL(address).host;
  return address || (hosts[kind] ?? "");
}
