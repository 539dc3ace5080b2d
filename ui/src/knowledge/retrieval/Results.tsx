import { Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Retrieval } from "../../api/types";
import { percent } from "../../parts/format";
import { FoundChunk } from "./FoundChunk";
import classes from "./RetrievalTest.module.css";

export function Results({ found }: { found: Retrieval }) {
  const { t } = useTranslation("knowledge");
  const best = Math.max(...found.chunks.map(({ score }) => score), 0.0001);
  return (
    <Stack gap="lg" aria-live="polite">
      <Verdict found={found} />
      <div>
        <Title order={2} size="h3" mb="sm">
          {t("test.results")}
        </Title>
        {found.chunks.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("test.none")}
          </Text>
        )}
        <ol className={classes.list} aria-label={t("test.results")}>
          {found.chunks.map((chunk, index) => (
            <FoundChunk key={chunk.id} chunk={chunk} rank={index + 1} share={chunk.score / best} />
          ))}
        </ol>
      </div>
    </Stack>
  );
}

function Verdict({ found }: { found: Retrieval }) {
  const { t } = useTranslation("knowledge");
  const { answerable, confidence, query, rewritten_query: rewritten } = found;
  const Icon = answerable ? IconCircleCheck : IconCircleX;
  return (
    <div className={classes.verdict} data-answer={answerable || undefined}>
      <Icon
        size={20}
        stroke={1.75}
        color={answerable ? "var(--ok-ink)" : "var(--warn-ink)"}
        aria-hidden
      />
      <div>
        <Text size="sm" fw={600}>
          {t(answerable ? "test.would" : "test.wouldNot")}
          <Text span size="sm" fw={400} c="dimmed">
            {" · "}
            {t("test.confidence", { percent: percent(confidence) })}
          </Text>
        </Text>
        {!answerable && <Text size="sm">{t("test.wouldNotText")}</Text>}
        {rewritten && rewritten !== query && (
          <Text size="xs" c="dimmed" mt={2}>
            {t("test.rewritten", { query: rewritten })}
          </Text>
        )}
      </div>
    </div>
  );
}
