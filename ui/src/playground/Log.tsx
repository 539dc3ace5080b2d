import { Anchor, Box, Text, VisuallyHidden } from "@mantine/core";
import { IconMessageCircleQuestion } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useDocuments } from "../api/knowledge";
import type { Assistant, Citation } from "../api/types";
import { EmptyState } from "../parts/EmptyState";
import { Note } from "../parts/Note";
import classes from "./Playground.module.css";
import { TurnView } from "./TurnView";
import type { Turn } from "./turns";
import { useSpokenPhase } from "./waiting";

interface Props {
  assistant: Assistant;
  turns: Turn[];
  busy: boolean;
  onOpen: (source: Citation) => void;
  onAskAgain: (question: string) => void;
}

const NEAR = 80; // pixels from the end that still count as reading along

export function Log({ assistant, turns, busy, onOpen, onAskAgain }: Props) {
  const { t } = useTranslation("playground");
  const box = useRef<HTMLDivElement>(null);
  const along = useRef(true);
  const count = turns.length;
  const spoken = useSpokenPhase(turns.at(-1));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question jumps to the end
  useEffect(() => {
    along.current = true;
  }, [count]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever reads along stays at the end
  useEffect(() => {
    if (along.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [turns]);
  const onScroll = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    along.current = scrollHeight - scrollTop - clientHeight < NEAR;
  };

  return (
    <Box
      ref={box}
      className={classes.log}
      onScroll={onScroll}
      tabIndex={0}
      role="group"
      aria-label={t("log")}
    >
      {count === 0 && <Nothing assistant={assistant} />}
      {turns.map((turn) => (
        <TurnView
          key={turn.key}
          turn={turn}
          onOpen={onOpen}
          onAskAgain={busy ? undefined : () => onAskAgain(turn.question)}
        />
      ))}
      <VisuallyHidden role="status">{spoken}</VisuallyHidden>
    </Box>
  );
}

function Nothing({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("playground");
  const own = useDocuments({ assistant_id: assistant.id }).data?.pages[0]?.data;
  const bare = own?.length === 0 && assistant.knowledge.collection_ids.length === 0;
  return (
    <div className={classes.nothing}>
      <EmptyState
        compact
        icon={<IconMessageCircleQuestion size={22} stroke={1.75} />}
        title={t("empty.title")}
        text={t("empty.text")}
      />
      {bare && (
        <Note tone="warn">
          <Text size="sm">
            {t("empty.noDocuments")}{" "}
            <Anchor component={Link} to={`/knowledge?assistant=${assistant.id}`} size="sm">
              {t("empty.addDocuments")}
            </Anchor>
          </Text>
        </Note>
      )}
    </div>
  );
}
