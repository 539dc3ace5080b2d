import { ActionIcon, Group, Progress, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCancelJob } from "../../api/machine";
import { isWorking, type ModelJob, useRefreshModels } from "../../api/models";
import { percent } from "../../parts/format";
import { Note } from "../../parts/Note";
import classes from "./ModelCard.module.css";

const kinds = [
  "model_import",
  "model_download",
  "model_benchmark",
  "model_convert",
  "model_verify",
] as const;

function kindOf({ kind }: Pick<ModelJob, "kind">) {
  return kinds.find((known) => known === kind) ?? "running";
}

interface Props {
  job: Pick<ModelJob, "id" | "kind" | "status" | "progress" | "step" | "error">;
  mayCancel: boolean;
}

/** How far work on a model is, and a way to call it off. */
export function JobLine({ job, mayCancel }: Props) {
  const { t } = useTranslation("models");
  const refresh = useRefreshModels();
  const cancel = useCancelJob();
  if (job.status === "failed") return <Note tone="warn">{job.error ?? t("job.failed")}</Note>;
  if (!isWorking(job)) return null;
  const words = job.status === "waiting" ? t("job.waiting") : t(`job.${kindOf(job)}`);
  return (
    <div>
      <Group gap={8} justify="space-between" wrap="nowrap">
        <Text size="sm" className={classes.words}>
          {words}
          {job.status === "running" && job.step ? (
            <Text span c="dimmed" size="sm">
              {" · "}
              {job.step}
            </Text>
          ) : null}
        </Text>
        <Group gap={8} wrap="nowrap">
          <Text size="sm" c="dimmed" className={classes.percent}>
            {percent(job.progress)}
          </Text>
          {mayCancel && (
            <ActionIcon
              variant="subtle"
              color="gray"
              loading={cancel.isPending}
              onClick={() => cancel.mutate(job.id, { onSettled: refresh })}
              aria-label={t("job.cancel")}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      </Group>
      <Progress value={Math.max(job.progress * 100, 2)} size={5} aria-label={words} />
    </div>
  );
}
