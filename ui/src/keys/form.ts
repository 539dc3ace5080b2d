import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { KeyBody } from "../api/types";
import { type Scope, usual } from "./scopes";

export const lifetimes = ["never", "30", "90", "365"] as const;

export interface KeyForm {
  name: string;
  kind: "secret" | "publishable";
  scopes: Scope[];
  origins: string[];
  assistant_id: string; // empty: all of them
  lifetime: (typeof lifetimes)[number]; // days
}

export function useKeyForm() {
  const { t } = useTranslation("keys");
  return useForm<KeyForm>({
    initialValues: {
      name: "",
      kind: "secret",
      scopes: usual,
      origins: [],
      assistant_id: "",
      lifetime: "never",
    },
    validate: {
      name: (name) => (name.trim() ? null : t("create.nameEmpty")),
      scopes: (scopes, { kind }) =>
        kind === "secret" && scopes.length === 0 ? t("create.scopesEmpty") : null,
      origins: (origins, { kind }) =>
        kind === "publishable" && origins.length === 0 ? t("create.originsEmpty") : null,
    },
  });
}

const DAY = 86_400_000; // milliseconds

/** What the API is asked for; a kind of key only carries what it can use. */
export function requestOf(form: KeyForm, now: number): KeyBody {
  const { name, kind, scopes, origins, assistant_id, lifetime } = form;
  return {
    name: name.trim(),
    kind,
    ...(kind === "secret" ? { scopes } : { origins }),
    ...(assistant_id ? { assistant_id } : {}),
    ...(lifetime === "never"
      ? {}
      : { expires_at: new Date(now + Number(lifetime) * DAY).toISOString() }),
  };
}
