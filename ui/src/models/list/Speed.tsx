import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LocalModel } from "../../api/models";
import { number } from "../../parts/format";
import { RelativeTime } from "../../parts/RelativeTime";
import { Tag } from "../../parts/Tag";
import classes from "./ModelCard.module.css";

const tones = { fast: "ok", fine: "plain", slow: "warn" } as const;

/** "Fast here", and the figures that say so. */
export function Speed({ model: { benchmark, installed, role } }: { model: LocalModel }) {
  const { t } = useTranslation("models");
  if (!benchmark) {
    return installed && role === "language" ? <Tag>{t("speed.unknown")}</Tag> : null;
  }
  const figure = (value: number) => number(value, value < 10 ? 1 : 0);
  const {
    prefill_tokens_per_second: reads,
    generation_tokens_per_second: writes,
    generation_tokens_per_second_4: together,
    threads,
    measured_at: at,
  } = benchmark;
  return (
    <>
      <Tag tone={tones[benchmark.verdict]}>{t(`speed.${benchmark.verdict}`)}</Tag>
      <Text size="xs" c="dimmed" component="span" className={classes.figures}>
        {reads > 0 && <span>{t("speed.reads", { speed: figure(reads) })}</span>}
        {writes > 0 && <span>{t("speed.writes", { speed: figure(writes) })}</span>}
        {together ? <span>{t("speed.together", { speed: figure(together) })}</span> : null}
        {threads ? <span>{t("speed.threads", { count: threads })}</span> : null}
        {at && (
          <span>
            {t("speed.measured")} <RelativeTime at={at} />
          </span>
        )}
      </Text>
    </>
  );
}
