import { useForm } from "@mantine/form";
import i18next from "i18next";
import type { Provider, ProviderBody, ProviderKind, ProviderModel } from "../../api/providers";
import { fieldsOf } from "../kinds";

export interface ProviderForm {
  kind: ProviderKind;
  name: string;
  base_url: string;
  api_version: string;
  key: string; // only what was typed now; the one kept is never known here
  forget: boolean; // the key that is kept
  models: ProviderModel[];
}

export function startOf(provider: Provider | null): ProviderForm {
  return {
    kind: provider?.kind ?? "openai",
    name: provider?.name ?? "",
    base_url: provider?.base_url ?? "",
    api_version: provider?.api_version ?? "",
    key: "",
    forget: false,
    models: provider?.models ?? [],
  };
}

const say = (key: "name" | "address" | "key") => i18next.t(`providers:invalid.${key}`);

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Whether the key on the server will still do: it belongs to one address and goes to no other. */
export function keepsKey(provider: Provider | null, form: ProviderForm): boolean {
  const moved = (provider?.base_url ?? "") !== form.base_url.trim();
  return Boolean(provider?.has_key) && !form.forget && !moved;
}

/** The slips worth catching before they are sent; the server has the last word. */
export function useProviderForm(provider: Provider | null) {
  return useForm<ProviderForm>({
    initialValues: startOf(provider),
    validate: {
      name: (name) => (name.trim() ? null : say("name")),
      base_url: (address, { kind }) =>
        fieldsOf[kind].address === "needed" && !isAddress(address.trim()) ? say("address") : null,
      key: (key, form) => {
        const needed = fieldsOf[form.kind].key === "needed" && !keepsKey(provider, form);
        return needed && !key.trim() ? say("key") : null;
      },
    },
  });
}

/** What the API is asked for: only the fields this kind has, and a key only when it changes. */
export function requestOf(form: ProviderForm): ProviderBody {
  const { address, version } = fieldsOf[form.kind];
  return {
    kind: form.kind,
    name: form.name.trim(),
    ...(address === "none" ? {} : { base_url: form.base_url.trim() || null }),
    ...(version ? { api_version: form.api_version.trim() || null } : {}),
    ...(form.key.trim() ? { key: form.key.trim() } : form.forget ? { key: null } : {}),
    models: form.models,
  };
}
