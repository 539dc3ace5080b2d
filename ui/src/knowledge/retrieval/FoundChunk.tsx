import { Progress, Spoiler, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Chunk } from "../../api/types";
import { number } from "../../parts/format";
import { placeInWords } from "../../parts/place";
import classes from "./RetrievalTest.module.css";

interface Props {
  chunk: Chunk;
  rank: number;
  share: number; // of the best one's score
}

export function FoundChunk({ chunk, rank, share }: Props) {
  const { t } = useTranslation("knowledge");
  return (
    <li className={classes.chunk}>
      <div className={classes.head}>
        <span className={classes.rank}>{rank}</span>
        <div className={classes.words}>
          <Text size="sm" fw={500} truncate>
            {chunk.document_name}
          </Text>
          <Text size="xs" c="dimmed">
            {placeInWords(chunk)}
          </Text>
        </div>
        <div className={classes.score}>
          <Text size="xs" c="dimmed" ta="end" mb={4}>
            {t("test.score", { score: number(chunk.score, 2) })}
          </Text>
          <Progress size={4} value={Math.max(0, share * 100)} aria-hidden />
        </div>
      </div>
      <Spoiler maxHeight={126} showLabel={t("test.whole")} hideLabel={t("test.less")} fz="sm">
        <p className={classes.text} dir="auto">
          {chunk.text}
        </p>
      </Spoiler>
    </li>
  );
}
