import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LocalModel, Machine } from "../../api/models";
import { megabytes } from "../../parts/format";
import classes from "./MachinePanel.module.css";
import { memoryParts, type Part } from "./memory";

const SHADES = 4;

export function MemoryBar({ machine, models }: { machine: Machine; models: LocalModel[] }) {
  const { t } = useTranslation("models");
  const parts = memoryParts(machine, models);
  const named = parts.map((part, at) => ({ part, name: nameOf(part, t), shade: at % SHADES }));
  const inWords = named.map(({ part, name }) => `${name} ${megabytes(part.megabytes)}`).join(", ");
  return (
    <div>
      <div className={classes.head}>
        <Title order={2} size="h3">
          {t("machine.memoryTitle")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("machine.free", {
            free: megabytes(machine.memory_available_mb),
            total: megabytes(machine.memory_total_mb),
          })}
        </Text>
      </div>
      <div className={classes.bar} role="img" aria-label={inWords}>
        {named.map(({ part, name, shade }) => (
          <div
            key={`${part.kind} ${part.name}`}
            className={classes.piece}
            data-kind={part.kind}
            data-shade={shade}
            style={{ flexGrow: part.share, flexBasis: 0 }}
            title={`${name}: ${megabytes(part.megabytes)}`}
          />
        ))}
      </div>
      <ul className={classes.legend} aria-label={t("machine.memoryTitle")}>
        {named.map(({ part, name, shade }) => (
          <li key={`${part.kind} ${part.name}`}>
            <span className={classes.swatch} data-kind={part.kind} data-shade={shade} aria-hidden />
            {name} <span className={classes.figure}>{megabytes(part.megabytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function nameOf(part: Part, t: ReturnType<typeof useTranslation<"models">>["t"]): string {
  return part.kind === "model" ? part.name : t(`machine.${part.kind}Part`);
}
