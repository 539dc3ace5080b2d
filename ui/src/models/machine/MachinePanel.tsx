import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LocalModel, Machine } from "../../api/models";
import { megabytes } from "../../parts/format";
import classes from "./MachinePanel.module.css";
import { MemoryBar } from "./MemoryBar";
import { QueuePanel } from "./QueuePanel";

/** What the machine has, who uses it, and who is waiting. */
export function MachinePanel({ machine, models }: { machine: Machine; models: LocalModel[] }) {
  const { t } = useTranslation("models");
  return (
    <section className={classes.panel} aria-label={t("machine.title")}>
      <MemoryBar machine={machine} models={models} />
      <QueuePanel queue={machine.queue} models={models} />
      <Text size="xs" c="dimmed" className={classes.foot}>
        {machine.cpu && <span>{machine.cpu}</span>}
        <span>{t("machine.cores", { count: machine.cores })}</span>
        <span>{t("machine.disk", { size: megabytes(machine.disk_free_mb) })}</span>
      </Text>
    </section>
  );
}
