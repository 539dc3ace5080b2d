import { Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { isActive, useJob } from "../../api/machine";
import { useRefreshModels } from "../../api/models";
import { ProblemNote } from "../../parts/ProblemNote";
import { toast } from "../../parts/toast";
import { JobLine } from "../list/JobLine";
import classes from "./ImportProgress.module.css";

interface Props {
  jobId: string;
  onOver: () => void; // it worked, or was called off
}

/** A model on its way in. A failure stays until it is dismissed by another try. */
export function ImportProgress({ jobId, onOver }: Props) {
  const { t } = useTranslation("models");
  const refresh = useRefreshModels();
  const job = useJob(jobId);
  const status = job.data && !isActive(job.data) ? job.data.status : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of the job counts
  useEffect(() => {
    if (status === null) return;
    refresh();
    if (status === "done") toast(t("add.done"));
    if (status !== "failed") onOver();
  }, [status]);
  if (job.error) return <ProblemNote problem={job.error} />;
  if (!job.data || status === "done" || status === "cancelled") return null;
  return (
    <section className={classes.frame} aria-label={t("add.progress")}>
      <Text size="sm" fw={600}>
        {t("add.progress")}
      </Text>
      <JobLine job={job.data} mayCancel />
    </section>
  );
}
