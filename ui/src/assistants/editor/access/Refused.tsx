import { Button, Group, Skeleton, Text } from "@mantine/core";
import { IconWorldOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRefusedOrigins } from "../../../api/assistants";
import classes from "../../../parts/OriginList.module.css";
import { ProblemNote } from "../../../parts/ProblemNote";
import { RelativeTime } from "../../../parts/RelativeTime";
import { toast, toastProblem } from "../../../parts/toast";
import { useDesk } from "../desk";

/** Pages that were turned away; each can be let in with one click. */
export function Refused() {
  const { t } = useTranslation("editor");
  const { assistant, allowOrigin } = useDesk();
  const [busy, setBusy] = useState("");
  const refused = useRefusedOrigins(assistant.id);
  const known = assistant.security.allowed_origins;
  const shown = (refused.data ?? []).filter(({ origin }) => !known.includes(origin));

  const allow = async (origin: string) => {
    setBusy(origin);
    await allowOrigin(origin)
      .then(() => toast(t("access.allowed", { origin })))
      .catch(toastProblem);
    setBusy("");
  };

  if (refused.error) return <ProblemNote problem={refused.error} />;
  if (refused.isPending) return <Skeleton h={42} radius="md" />;
  if (shown.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("access.refusedEmpty")}
      </Text>
    );
  }
  return (
    <ul className={classes.list} aria-label={t("access.refusedTitle")}>
      {shown.map(({ origin, count, last_at }) => (
        <li key={origin} className={classes.row}>
          <IconWorldOff size={16} stroke={1.75} aria-hidden />
          <div className={classes.words}>
            <div className={classes.origin}>{origin}</div>
            <Group gap={4}>
              <Text size="xs" c="dimmed">
                {t("access.times", { count })}, <RelativeTime at={last_at} />
              </Text>
            </Group>
          </div>
          <Button
            size="xs"
            variant="light"
            loading={busy === origin}
            onClick={() => void allow(origin)}
            aria-label={`${t("access.allow")}: ${origin}`}
          >
            {t("access.allow")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
