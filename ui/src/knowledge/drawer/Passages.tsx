import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePassages } from "../../api/knowledge";
import type { Document, Passage } from "../../api/types";
import { ProblemNote } from "../../parts/ProblemNote";
import { placeInWords } from "../../parts/place";
import classes from "./Passages.module.css";

/** The pieces that a search finds, in reading order. */
export function Passages({ document }: { document: Document }) {
  const { t } = useTranslation("knowledge");
  const general = useTranslation().t;
  const passages = usePassages(document);
  const all = passages.data?.pages.flatMap((page) => page.data) ?? [];
  if (passages.error) return <ProblemNote problem={passages.error} />;
  if (passages.isPending) return <Skeleton h={160} />;
  if (all.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("drawer.noPassages")}
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      {all.map((passage) => (
        <Piece key={passage.id} passage={passage} />
      ))}
      {passages.hasNextPage && (
        <Button
          variant="default"
          loading={passages.isFetchingNextPage}
          onClick={() => void passages.fetchNextPage()}
        >
          {general("loadMore")}
        </Button>
      )}
    </Stack>
  );
}

function Piece({ passage }: { passage: Passage }) {
  const { t } = useTranslation("knowledge");
  return (
    <article className={classes.passage}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Text size="xs" fw={600}>
          {placeInWords(passage) || t("drawer.passage", { position: passage.position + 1 })}
        </Text>
        <Text size="xs" c="dimmed">
          {t("drawer.tokens", { count: passage.tokens })}
        </Text>
      </Group>
      <p className={classes.text} dir="auto">
        {passage.text}
      </p>
    </article>
  );
}
