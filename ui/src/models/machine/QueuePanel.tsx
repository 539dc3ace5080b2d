import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LocalModel, QueueOfModel } from "../../api/models";
import classes from "./MachinePanel.module.css";

const MOST = 16; // places drawn; beyond that the figures have to do

/** How many answers are being written, and how many questions wait for a place. */
export function QueuePanel({ queue, models }: { queue: QueueOfModel[]; models: LocalModel[] }) {
  const { t } = useTranslation("models");
  const titles = new Map(models.map((model) => [model.name, model.title || model.name]));
  return (
    <div>
      <div className={classes.head}>
        <Title order={2} size="h3">
          {t("queue.title")}
        </Title>
      </div>
      {queue.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("queue.empty")}
        </Text>
      ) : (
        <ul className={classes.queue}>
          {queue.map((line) => (
            <li key={line.model} className={classes.line}>
              <Text size="sm" truncate>
                {titles.get(line.model) ?? line.model}
              </Text>
              <span className={classes.places} aria-hidden>
                {places(line).map((taken, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: places have no other name
                  <span key={place} className={classes.place} data-taken={taken || undefined} />
                ))}
              </span>
              <Text size="sm" c="dimmed" className={classes.figure}>
                {t("queue.running", { running: line.running, slots: line.slots })}
                {" · "}
                {t("queue.waiting", { count: line.waiting })}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function places({ running, slots }: QueueOfModel): boolean[] {
  return Array.from({ length: Math.min(slots, MOST) }, (_, place) => place < running);
}
