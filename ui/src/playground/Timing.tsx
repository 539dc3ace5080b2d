import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { duration, number } from "../parts/format";
import classes from "./TurnView.module.css";
import { type Turn, timing } from "./turns";

/** What the answer took. Only what was measured is shown. */
export function Timing({ turn }: { turn: Turn }) {
  const { t } = useTranslation("playground");
  const { search, first, total, tokens, perSecond } = timing(turn);
  const parts = [
    search !== null && t("time.search", { time: duration(search) }),
    first !== null && t("time.first", { time: duration(first) }),
    total !== null && t("time.total", { time: duration(total) }),
    tokens > 0 && t("time.tokens", { count: tokens }),
    perSecond !== null && t("time.perSecond", { speed: number(perSecond, perSecond < 10 ? 1 : 0) }),
  ];
  return (
    <Text size="xs" c="dimmed" component="div" className={classes.times}>
      {parts
        .filter((part) => part !== false)
        .map((part) => (
          <span key={part}>{part}</span>
        ))}
    </Text>
  );
}
