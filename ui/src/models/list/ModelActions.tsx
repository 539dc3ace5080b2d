import { Button, Group, Text } from "@mantine/core";
import { IconDownload, IconGauge } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import {
  isMoving,
  isWorking,
  type LocalModel,
  type Machine,
  type useModelActions,
} from "../../api/models";
import { toast } from "../../parts/toast";
import { ModelMenu } from "./ModelMenu";

interface Props {
  model: LocalModel;
  machine: Machine;
  actions: ReturnType<typeof useModelActions>;
  onAdopt?: () => void;
}

/** What can be done with a model where it stands. */
export function ModelActions({ model, machine, actions, onAdopt }: Props) {
  const { t } = useTranslation("models");
  const { name, installed, state } = model;
  const title = model.title || name;
  const { work, load, choose } = actions;
  const doing = isWorking(model.job);
  if (!installed) {
    return <Download model={model} allowed={machine.downloads_allowed} work={work} />;
  }
  const adopt =
    onAdopt ??
    (() => choose.mutate(name, { onSuccess: () => toast(t("act.isDefault", { name: title })) }));
  const on = state === "ready" || state === "loading";
  const writes = model.role === "language"; // the others are loaded when they are needed, and stay
  return (
    <Group gap="xs">
      {!model.default && (writes || onAdopt) && (
        <Button size="xs" variant="light" onClick={adopt} loading={choose.isPending}>
          {t(onAdopt ? "act.change" : "act.makeDefault")}
        </Button>
      )}
      {writes && (
        <Button
          size="xs"
          variant="default"
          loading={load.isPending || state === "loading"}
          disabled={!on && model.fits === "no"}
          onClick={() => load.mutate({ name, on: !on })}
          aria-label={t(on ? "act.unloadName" : "act.loadName", { name: title })}
        >
          {t(on ? "act.unload" : "act.load")}
        </Button>
      )}
      {writes && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconGauge size={15} stroke={1.75} aria-hidden />}
          disabled={doing}
          loading={work.isPending && work.variables?.what === "benchmark"}
          onClick={() => work.mutate({ name, what: "benchmark" })}
          aria-label={t(model.benchmark ? "act.againName" : "act.benchmarkName", { name: title })}
        >
          {t(model.benchmark ? "act.again" : "act.benchmark")}
        </Button>
      )}
      <ModelMenu model={model} actions={actions} busy={isMoving(model)} />
    </Group>
  );
}

function Download({
  model,
  allowed,
  work,
}: {
  model: LocalModel;
  allowed: boolean;
  work: ReturnType<typeof useModelActions>["work"];
}) {
  const { t } = useTranslation("models");
  if (!model.downloadable || !allowed || isWorking(model.job)) return null;
  return (
    <Group gap="sm">
      <Button
        size="xs"
        variant="light"
        leftSection={<IconDownload size={15} stroke={1.75} aria-hidden />}
        loading={work.isPending}
        onClick={() => work.mutate({ name: model.name, what: "download" })}
        aria-label={t("act.downloadName", { name: model.title || model.name })}
      >
        {t("act.download")}
      </Button>
      {model.fits === "no" && (
        <Text size="xs" c="dimmed">
          {t("act.tooLarge")}
        </Text>
      )}
    </Group>
  );
}
