import { Button, Group, Switch, Text, Title } from "@mantine/core";
import { IconPencil, IconPlugConnected } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Provider, useProviderActions } from "../../api/providers";
import { ProblemNote } from "../../parts/ProblemNote";
import { Tag } from "../../parts/Tag";
import { hostOf } from "../kinds";
import { Health } from "./Health";
import { Permission } from "./Permission";
import classes from "./ProviderCard.module.css";
import { RemoveProvider } from "./RemoveProvider";
import { TestResult } from "./TestResult";

interface Props {
  provider: Provider;
  onEdit: () => void;
}

export function ProviderCard({ provider, onEdit }: Props) {
  const { t } = useTranslation("providers");
  const { change, test, permit } = useProviderActions();
  const { id, name, kind, enabled, models } = provider;
  const problem = change.error ?? test.error ?? permit.error;
  return (
    <article className={classes.card} aria-label={name}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div className={classes.words}>
          <Group gap={8}>
            <Title order={2} size="h3">
              {name}
            </Title>
            <Tag tone={enabled ? "ok" : "plain"}>{t(enabled ? "state.on" : "state.off")}</Tag>
            <Tag tone={provider.allowed ? "warn" : "plain"}>
              {t(provider.allowed ? "state.allowed" : "state.forbidden")}
            </Tag>
            {enabled && <Health health={provider.health} />}
          </Group>
          <Text size="sm" c="dimmed" className={classes.facts}>
            <span>{t(`kind.${kind}.name`)}</span>
            <span>{hostOf(provider)}</span>
            <span>{t("models", { count: models.length })}</span>
            <span>
              {provider.has_key ? t("key.kept", { hint: provider.key_hint ?? "…" }) : t("key.none")}
            </span>
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlugConnected size={15} stroke={1.75} aria-hidden />}
            loading={test.isPending}
            onClick={() => test.mutate(id)}
            aria-label={t("test.label", { name })}
          >
            {t("test.action")}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={15} stroke={1.75} aria-hidden />}
            onClick={onEdit}
            aria-label={t("edit.label", { name })}
          >
            {t("edit.action")}
          </Button>
          <RemoveProvider provider={provider} />
        </Group>
      </Group>
      <div role="status">{test.data && <TestResult result={test.data} />}</div>
      {problem && <ProblemNote problem={problem} />}
      <div className={classes.switches}>
        <Switch
          label={t("switch.on")}
          description={t("switch.onHint")}
          checked={enabled}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ id, enabled: event.currentTarget.checked })}
          aria-label={`${t("switch.on")}: ${name}`}
        />
        <Permission provider={provider} permit={permit} />
      </div>
    </article>
  );
}
