import { Badge, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AssistantVersion } from "../../../api/types";
import { RelativeTime } from "../../../parts/RelativeTime";
import { differences } from "./differences";
import classes from "./Versions.module.css";
import { inWords } from "./words";

interface Props {
  version: AssistantVersion;
  before?: AssistantVersion;
  current: boolean;
  busy: boolean;
  disabled: boolean;
  onRestore: () => void;
}

const SHOWN = 4;

export function VersionRow({ version, before, current, busy, disabled, onRestore }: Props) {
  const { t } = useTranslation("editor");
  const { number, author, created_at } = version;
  return (
    <li className={classes.row} data-current={current || undefined}>
      <div className={classes.words}>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {t("versions.name", { number })}
          </Text>
          {current && (
            <Badge size="sm" color="brand">
              {t("versions.current")}
            </Badge>
          )}
          <Text size="xs" c="dimmed">
            <RelativeTime at={created_at} />
            {author && ` ${t("versions.by", { author })}`}
          </Text>
        </Group>
        <Changes version={version} before={before} />
      </div>
      {!current && (
        <Button
          className={classes.restore}
          size="xs"
          variant="default"
          loading={busy}
          disabled={disabled}
          onClick={onRestore}
          aria-label={t("versions.restoreLabel", { number })}
        >
          {t("versions.restore")}
        </Button>
      )}
    </li>
  );
}

function Changes({ version, before }: Pick<Props, "version" | "before">) {
  const { t } = useTranslation("editor");
  const lines = before
    ? differences(before.config, version.config).flatMap(inWords)
    : [version.number === 1 ? t("versions.first") : ""];
  const shown = lines.length ? lines.slice(0, SHOWN) : [t("versions.same")];
  return (
    <ul className={classes.changes}>
      {shown.map((line) => (
        <Text key={line} component="li" size="sm" c="dimmed">
          {line}
        </Text>
      ))}
      {lines.length > SHOWN && (
        <Text component="li" size="sm" c="dimmed">
          {t("versions.more", { count: lines.length - SHOWN })}
        </Text>
      )}
    </ul>
  );
}
