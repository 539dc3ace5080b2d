import { Badge, Button, Group, Loader, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Citation } from "../api/types";
import { percent } from "../parts/format";
import { Note } from "../parts/Note";
import { ProblemNote } from "../parts/ProblemNote";
import { AnswerText } from "./answer/AnswerText";
import { SourceList } from "./sources/SourceList";
import { Timing } from "./Timing";
import classes from "./TurnView.module.css";
import { isOver, type Turn } from "./turns";
import { phaseInWords } from "./waiting";

interface Props {
  turn: Turn;
  onOpen: (source: Citation) => void;
  onAskAgain?: () => void;
}

export function TurnView({ turn, onOpen, onAskAgain }: Props) {
  const { t } = useTranslation("playground");
  return (
    <article className={classes.turn}>
      <p className={classes.question} dir="auto">
        {turn.question}
      </p>
      {turn.text && <AnswerText text={turn.text} sources={turn.sources} onOpen={onOpen} />}
      {!isOver(turn) && <Phase turn={turn} />}
      {turn.problem && (
        <ProblemNote
          problem={turn.problem}
          action={
            onAskAgain && (
              <Button size="xs" variant="default" onClick={onAskAgain}>
                {t("askAgain")}
              </Button>
            )
          }
        />
      )}
      {isOver(turn) && <SourceList sources={turn.sources} onOpen={onOpen} />}
      {turn.reply && <Verdict turn={turn} />}
    </article>
  );
}

function Phase({ turn }: { turn: Turn }) {
  const { t } = useTranslation("playground");
  const words = phaseInWords(turn, t);
  return (
    <Group gap={8} aria-hidden>
      <Loader size={14} type="dots" />
      <Text size="sm" c="dimmed">
        {words}
      </Text>
    </Group>
  );
}

const known = [
  "no_answer",
  "unsupported",
  "stopped",
  "client_left",
  "engine_failed",
  "busy",
  "context_full",
  "interrupted",
] as const;

/** How the answer came about, in words and figures. */
function Verdict({ turn }: { turn: Turn }) {
  const { t } = useTranslation("playground");
  const { mode, confidence, reason } = turn.reply ?? {};
  const about = known.find((code) => code === reason);
  return (
    <>
      {reason && <Note>{about ? t(`reason.${about}`) : t("reason.other", { reason })}</Note>}
      <Group gap={8}>
        {mode && (
          <Badge size="sm" color={mode === "refuse" ? "gray" : "brand"}>
            {t(`mode.${mode}`)}
          </Badge>
        )}
        {confidence != null && (
          <Text size="xs" c="dimmed">
            {t("confidence", { percent: percent(confidence) })}
          </Text>
        )}
        <Timing turn={turn} />
      </Group>
    </>
  );
}
