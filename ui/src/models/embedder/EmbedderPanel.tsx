import { Button, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  type EmbedderChange,
  type EmbedderState,
  isRunning,
  useEmbedderActions,
} from "../../api/embedder";
import type { LocalModel } from "../../api/models";
import { percent } from "../../parts/format";
import { Note } from "../../parts/Note";
import { ProblemNote } from "../../parts/ProblemNote";
import { toast } from "../../parts/toast";
import { ComparisonTable } from "./ComparisonTable";
import classes from "./EmbedderPanel.module.css";
import { Steps } from "./Steps";
import { WayBack } from "./WayBack";

interface Props {
  state: EmbedderState;
  models: LocalModel[];
}

/** The change of the model that finds passages: build, compare, switch, and the way back. */
export function EmbedderPanel({ state, models }: Props) {
  const actions = useEmbedderActions();
  const { change, previous, active } = state;
  const title = (name: string) => models.find((one) => one.name === name)?.title || name;
  const open = change && change.state !== "switched" ? change : null;
  const problem =
    actions.turn.error ?? actions.drop.error ?? actions.back.error ?? actions.begin.error;
  if (!open && !previous) return null;
  return (
    <div className={classes.panel}>
      {open ? (
        <Change change={open} from={title(active.model)} to={title(open.model)} actions={actions} />
      ) : (
        previous && (
          <WayBack
            state={state}
            before={title(previous.model)}
            now={title(active.model)}
            actions={actions}
          />
        )
      )}
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

interface ChangeProps {
  change: EmbedderChange;
  from: string;
  to: string;
  actions: ReturnType<typeof useEmbedderActions>;
}

function Change({ change, from, to, actions: { begin, turn, drop } }: ChangeProps) {
  const { t } = useTranslation("models");
  const over = change.state === "failed" || change.state === "cancelled";
  const ready = change.state === "ready";
  return (
    <Stack gap="md">
      <Title order={3}>{t("embedder.title", { from, to })}</Title>
      {!over && <Steps at={change.state} />}
      {isRunning(change) && (
        <div>
          <Group justify="space-between" gap={8}>
            <Text size="sm">{t(`embedder.doing.${change.state as "building"}`)}</Text>
            <Text size="sm" c="dimmed">
              {percent(change.progress)}
            </Text>
          </Group>
          <Progress
            value={Math.max(change.progress * 100, 2)}
            size={6}
            mt={6}
            aria-label={t(`embedder.doing.${change.state as "building"}`)}
          />
          <Text size="xs" c="dimmed" mt={6}>
            {t("embedder.meanwhile", { name: from })}
          </Text>
        </div>
      )}
      {ready &&
        (change.comparison?.questions ? (
          <ComparisonTable comparison={change.comparison} before={from} after={to} />
        ) : (
          <Note>{t("embedder.noQuestions")}</Note>
        ))}
      {over && (
        <Note tone="warn">
          {change.error && <div>{change.error}</div>}
          {t(`embedder.over.${change.state as "failed"}`)}
        </Note>
      )}
      <Group gap="xs">
        {ready && (
          <Button
            loading={turn.isPending}
            onClick={() =>
              turn.mutate(change.id, {
                onSuccess: () => toast(t("embedder.switched", { name: to })),
              })
            }
          >
            {t("embedder.switch", { name: to })}
          </Button>
        )}
        {over && (
          <Button
            variant="default"
            loading={begin.isPending}
            onClick={() => begin.mutate(change.model)}
          >
            {t("embedder.again")}
          </Button>
        )}
        <Button
          variant={ready || over ? "subtle" : "default"}
          color="gray"
          loading={drop.isPending}
          onClick={() => drop.mutate(change.id)}
        >
          {t(ready || over ? "embedder.discard" : "embedder.cancel")}
        </Button>
      </Group>
    </Stack>
  );
}
