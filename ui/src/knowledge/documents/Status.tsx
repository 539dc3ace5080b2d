import { Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Document } from "../../api/types";
import { percent } from "../../parts/format";
import classes from "./Status.module.css";

/** How far a document is, in a word, with a bar while it is being read. */
export function Status({ document }: { document: Document }) {
  const { t } = useTranslation("knowledge");
  const { status, job, enabled } = document;
  const reading = status === "processing" && job !== null;
  const words = reading
    ? t("status.processingAt", { percent: percent(job.progress) })
    : t(`status.${status === "ready" && !enabled ? "off" : status}`);
  return (
    <div className={classes.status} data-status={status} data-off={!enabled || undefined}>
      <Text size="sm" component="span" className={classes.words}>
        <span className={classes.dot} aria-hidden />
        {words}
      </Text>
      {reading && (
        <Progress
          value={Math.max(3, job.progress * 100)}
          size={4}
          mt={5}
          aria-label={t("status.processing")}
        />
      )}
    </div>
  );
}
