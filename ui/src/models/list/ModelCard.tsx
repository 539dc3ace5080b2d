import { Badge, Group, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isWorking, type LocalModel, type Machine, useModelActions } from "../../api/models";
import { Note } from "../../parts/Note";
import { ProblemNote } from "../../parts/ProblemNote";
import { Tag } from "../../parts/Tag";
import { ConversionOffer } from "./ConversionOffer";
import { Facts } from "./Facts";
import { JobLine } from "./JobLine";
import { ModelActions } from "./ModelActions";
import classes from "./ModelCard.module.css";
import { Speed } from "./Speed";

const states = ["ready", "loading", "stopped", "failed"] as const;
const fitTone = { yes: "ok", tight: "warn", no: "danger" } as const;

interface Props {
  model: LocalModel;
  machine: Machine | null; // null: for somebody who may look but not touch
  onAdopt?: () => void; // makes it the default, where that is more than a click
}

export function ModelCard({ model, machine, onAdopt }: Props) {
  const { t } = useTranslation("models");
  const actions = useModelActions();
  const problem = actions.load.error ?? actions.work.error ?? actions.choose.error;
  const title = model.title || model.name;
  const state = model.installed
    ? (states.find((one) => one === model.state) ?? "stopped")
    : "missing";
  return (
    <article className={classes.card} aria-label={title}>
      <Group gap="sm" justify="space-between" align="flex-start">
        <div className={classes.heading}>
          <Group gap={8}>
            <Title order={3}>{title}</Title>
            {model.default && <Badge color="brand">{t("default")}</Badge>}
            {model.imported && <Badge color="gray">{t("imported")}</Badge>}
          </Group>
          {title !== model.name && (
            <Text size="xs" c="dimmed" ff="monospace" className={classes.name}>
              {model.name}
            </Text>
          )}
        </div>
        <Text size="sm" component="span" className={classes.state} data-state={state}>
          <span className={classes.dot} aria-hidden />
          {t(state === "stopped" && !model.default ? "state.idle" : `state.${state}`)}
        </Text>
      </Group>
      <Group gap={8}>
        {model.fits && <Tag tone={fitTone[model.fits]}>{t(`fits.${model.fits}`)}</Tag>}
        <Speed model={model} />
      </Group>
      <Facts model={model} />
      {model.installed && model.verified === false && <Note tone="warn">{t("unverified")}</Note>}
      {model.advice && <Advice model={model} />}
      {machine && model.conversion && model.installed && !isWorking(model.job) && (
        <ConversionOffer
          conversion={model.conversion}
          busy={actions.work.isPending}
          onConvert={() => actions.work.mutate({ name: model.name, what: "convert" })}
        />
      )}
      {model.job && <JobLine job={model.job} mayCancel={machine !== null} />}
      {problem && <ProblemNote problem={problem} />}
      {machine && (
        <ModelActions model={model} machine={machine} actions={actions} onAdopt={onAdopt} />
      )}
    </article>
  );
}

/** What the model is good for: a remark on one that is used, a line on one that may be fetched. */
function Advice({ model: { installed, advice } }: { model: LocalModel }) {
  if (installed) return <Note>{advice}</Note>;
  return (
    <Text size="sm" c="dimmed">
      {advice}
    </Text>
  );
}
