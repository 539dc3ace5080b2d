import { ActionIcon, Group, Popover, RingProgress, ScrollArea, Text } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { isActive, useJobs } from "../../api/machine";
import { JobRow } from "./JobRow";
import classes from "./Jobs.module.css";

/** How the machine's background work is going, from every screen. */
export function Jobs() {
  const { t } = useTranslation("shell");
  const jobs = useJobs().data ?? [];
  const active = jobs.filter(isActive);
  const shown = [...active, ...jobs.filter((job) => !isActive(job))].slice(0, 12);
  const label = active.length ? t("jobs.labelActive", { count: active.length }) : t("jobs.label");
  return (
    <Popover width={360} position="bottom-end" shadow="md" radius="md" trapFocus>
      <Popover.Target>
        {active.length ? (
          <button type="button" className={classes.active} aria-label={label}>
            <RingProgress
              size={24}
              thickness={3}
              sections={[{ value: overall(active.map((job) => job.progress)), color: "brand.5" }]}
              aria-hidden
            />
            <Text span size="sm" className={classes.count}>
              {active.length}
            </Text>
          </button>
        ) : (
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
            <IconListCheck size={19} stroke={1.75} />
          </ActionIcon>
        )}
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t("jobs.title")}>
        <Group px="md" py="sm" className={classes.head}>
          <Text size="sm" fw={600}>
            {t("jobs.title")}
          </Text>
        </Group>
        {shown.length === 0 ? (
          <Text size="sm" c="dimmed" p="md">
            {t("jobs.empty")}
          </Text>
        ) : (
          <ScrollArea.Autosize mah={360} type="auto" viewportProps={{ tabIndex: 0 }}>
            <ul className={classes.list}>
              {shown.map((job) => (
                <JobRow key={job.id} job={job} />
              ))}
            </ul>
          </ScrollArea.Autosize>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** At least a sliver, so that something is seen to happen. */
function overall(fractions: number[]): number {
  const sum = fractions.reduce((total, fraction) => total + fraction, 0);
  return Math.max(6, (100 * sum) / fractions.length);
}
