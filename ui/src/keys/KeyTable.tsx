import { Badge, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAssistants } from "../api/assistants";
import type { ApiKey } from "../api/types";
import { day } from "../parts/format";
import { RelativeTime } from "../parts/RelativeTime";
import classes from "./KeyTable.module.css";
import { RevokeKey } from "./RevokeKey";
import { scopeName } from "./scopes";

export function KeyTable({ keys }: { keys: ApiKey[] }) {
  const { t } = useTranslation("keys");
  return (
    <table className={classes.table} aria-label={t("list.label")}>
      <thead>
        <tr>
          <th scope="col">{t("list.name")}</th>
          <th scope="col" className={classes.may}>
            {t("list.may")}
          </th>
          <th scope="col" className={classes.used}>
            {t("list.used")}
          </th>
          <th scope="col" className={classes.created}>
            {t("list.created")}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <Row key={key.id} apiKey={key} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ apiKey: key }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const revoked = key.revoked_at !== null;
  return (
    <tr data-revoked={revoked || undefined}>
      <td>
        <Text size="sm" fw={500} component="div" className={classes.name}>
          {key.name}
          <Badge size="sm" color={key.kind === "secret" ? "gray" : "brand"}>
            {t(`list.${key.kind}`)}
          </Badge>
          {revoked && (
            <Badge size="sm" color="red">
              {t("list.revoked")}
            </Badge>
          )}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {key.prefix}…
        </Text>
      </td>
      <td className={classes.may}>
        <May apiKey={key} />
      </td>
      <td className={classes.used}>
        <Text size="sm" c="dimmed">
          {key.last_used_at ? <RelativeTime at={key.last_used_at} /> : t("list.neverUsed")}
        </Text>
      </td>
      <td className={classes.created}>
        <Text size="sm">{day(key.created_at)}</Text>
        <Expiry at={key.expires_at} />
      </td>
      <td>{!revoked && <RevokeKey apiKey={key} />}</td>
    </tr>
  );
}

/** What the key is good for: its scopes or its sites, and for which assistant. */
function May({ apiKey: key }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const assistants = useAssistants().data ?? [];
  const assistant = assistants.find(({ id }) => id === key.assistant_id);
  const what = key.kind === "secret" ? key.scopes.map(scopeName) : key.origins;
  return (
    <Text size="sm" c="dimmed" component="div">
      {what.join(", ")}
      {key.assistant_id && (
        <Text size="xs">
          {t("create.assistant")}: {assistant?.name ?? key.assistant_id}
        </Text>
      )}
    </Text>
  );
}

function Expiry({ at }: { at: string | null }) {
  const { t } = useTranslation("keys");
  const past = at !== null && new Date(at).getTime() < Date.now();
  const words =
    at === null
      ? t("list.never")
      : past
        ? t("list.expired")
        : t("list.expiresAt", { when: day(at) });
  return (
    <Text size="xs" c={past ? "var(--mantine-color-error)" : "dimmed"}>
      {words}
    </Text>
  );
}
