import { Badge, Group, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LocalModel } from "../api/types";
import { fileSize } from "../parts/format";
import { Note } from "../parts/Note";
import classes from "./ModelCard.module.css";

const states = ["ready", "loading", "stopped", "failed"] as const;

export function ModelCard({ model }: { model: LocalModel }) {
  const { t } = useTranslation("models");
  const state = model.installed
    ? (states.find((one) => one === model.state) ?? "stopped")
    : "missing";
  const facts = [
    [t("facts.family"), model.family],
    [t("facts.parameters"), model.parameters],
    [t("facts.quantisation"), model.quantisation],
    [t("facts.size"), model.size ? fileSize(model.size) : ""],
    [t("facts.licence"), model.licence],
  ].filter(([, value]) => value);
  return (
    <article className={classes.card}>
      <Group gap="sm" justify="space-between">
        <Group gap={8}>
          <Title order={3}>{model.name}</Title>
          {model.default && <Badge color="brand">{t("default")}</Badge>}
        </Group>
        <Text size="sm" component="span" className={classes.state} data-state={state}>
          <span className={classes.dot} aria-hidden />
          {t(`state.${state}`)}
        </Text>
      </Group>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {model.verified === false && <Note tone="warn">{t("unverified")}</Note>}
      {model.advice && <Note>{model.advice}</Note>}
    </article>
  );
}
