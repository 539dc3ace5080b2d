import { ActionIcon, Group, Progress, Text } from "@mantine/core";
import { IconAlertCircle, IconBan, IconCircleCheck, IconClock, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useDocument } from "../../api/knowledge";
import { isActive, useCancelJob } from "../../api/machine";
import type { Job } from "../../api/types";
import { RelativeTime } from "../../parts/RelativeTime";
import classes from "./Jobs.module.css";

const icons = {
  waiting: IconClock,
  running: IconClock,
  done: IconCircleCheck,
  failed: IconAlertCircle,
  cancelled: IconBan,
};

export function JobRow({ job }: { job: Job }) {
  const { t } = useTranslation("shell");
  const cancel = useCancelJob();
  const Icon = icons[job.status];
  return (
    <li className={classes.row}>
      <Icon size={17} stroke={1.75} className={classes.icon} data-status={job.status} aria-hidden />
      <div className={classes.words}>
        <Text size="sm" truncate>
          <JobName job={job} />
        </Text>
        {job.status === "running" ? (
          <Progress
            value={job.progress * 100}
            size={4}
            my={5}
            aria-label={t("jobs.status.running")}
          />
        ) : null}
        <Text size="xs" c="dimmed" component="div">
          {t(`jobs.status.${job.status}`)}
          {job.status === "running" && job.step ? ` · ${job.step}` : ""}
          {job.finished_at && (
            <>
              {" · "}
              <RelativeTime at={job.finished_at} />
            </>
          )}
        </Text>
        {job.status === "failed" && job.error && (
          <Text size="xs" c="var(--mantine-color-error)">
            {job.error}
          </Text>
        )}
      </div>
      {isActive(job) && (
        <Group>
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => cancel.mutate(job.id)}
            loading={cancel.isPending}
            aria-label={t("jobs.cancel")}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      )}
    </li>
  );
}

const onModels = [
  "model_import",
  "model_download",
  "model_benchmark",
  "model_convert",
  "model_verify",
] as const;

function JobName({ job }: { job: Job }) {
  const { t } = useTranslation("shell");
  const reading = job.kind === "ingest";
  const document = useDocument(reading ? job.subject : null).data;
  if (job.kind === "embed") return t("jobs.kind.embed");
  const work = onModels.find((kind) => kind === job.kind);
  if (work) return t(`jobs.kind.${work}`, { name: job.subject });
  if (!reading) return t("jobs.kind.other", { kind: job.kind });
  return t("jobs.kind.ingest", { name: document?.name ?? t("jobs.kind.someDocument") });
}
