import { ActionIcon, Group, Progress, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCancelJob, useJob } from "../../api/machine";
import { isWorking, type ModelJob, useRefreshModels } from "../../api/models";
import { percent } from "../../parts/format";
import { Note } from "../../parts/Note";
import classes from "./ModelCard.module.css";

interface Props {
  job: ModelJob;
  mayCancel: boolean;
}

/** How far work on a model is, and a way to call it off. */
export function JobLine({ job, mayCancel }: Props) {
  const { t } = useTranslation("models");
  const refresh = useRefreshModels();
  const cancel = useCancelJob();
  if (job.status === "failed") return <Failure id={job.id} />;
  if (!isWorking(job)) return null;
  const words = job.step || t(`job.${job.status === "waiting" ? "waiting" : "running"}`);
  return (
    <div>
      <Group gap={8} justify="space-between" wrap="nowrap">
        <Text size="sm" className={classes.words}>
          {words}
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

/** Why the last work on it came to nothing. */
function Failure({ id }: { id: string }) {
  const { t } = useTranslation("models");
  const { data } = useJob(id);
  return <Note tone="warn">{data?.error ?? t("job.failed")}</Note>;
}
