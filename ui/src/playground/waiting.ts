import type { TFunction } from "i18next";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { duration } from "../parts/format";
import type { Turn } from "./turns";

/** What is being done about a question: "2 before you, about 8 s" while it waits. */
export function phaseInWords(turn: Turn, t: TFunction<"playground">): string {
  if (turn.phase !== "queued") return t(`phase.${turn.phase}`);
  const { position, waitSeconds } = turn;
  const where =
    position === null
      ? t("phase.queued")
      : position === 0
        ? t("phase.next")
        : t("phase.before", { count: position });
  if (!waitSeconds) return `${where}…`;
  return t("phase.about", { where, time: duration(Math.ceil(waitSeconds) * 1000) });
}

const CALM = 15_000; // milliseconds before a place in the queue is said again

/** The same for those who hear it: said when it begins and now and then, not at every step. */
export function useSpokenPhase(turn: Turn | undefined): string {
  const { t } = useTranslation("playground");
  const now = turn ? phaseInWords(turn, t) : "";
  const [spoken, speak] = useState({ key: "", words: "", at: 0 });
  const key = turn ? `${turn.key} ${turn.phase}` : "";
  useEffect(() => {
    speak((before) => {
      const at = performance.now();
      const calm = before.key === key && at - before.at < CALM;
      return calm ? before : { key, words: now, at };
    });
  }, [key, now]);
  return spoken.words;
}
