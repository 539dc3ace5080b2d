import { Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Citation } from "../../api/types";
import { number } from "../../parts/format";
import { placeInWords } from "../../parts/place";
import classes from "./SourceList.module.css";

interface Props {
  sources: Citation[];
  onOpen: (source: Citation) => void;
}

export function SourceList({ sources, onOpen }: Props) {
  const { t } = useTranslation("playground");
  if (sources.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={t("sources")}>
      {sources.map((source) => (
        <li key={source.number}>
          <UnstyledButton className={classes.source} onClick={() => onOpen(source)}>
            <span className={classes.number}>{source.number}</span>
            <span className={classes.words}>
              <Text span size="sm" fw={500}>
                {source.document_name}
              </Text>
              <Text span size="xs" c="dimmed">
                {placeInWords(source)}
              </Text>
            </span>
            <Text span size="xs" c="dimmed" title={t("scoreHint")}>
              {number(source.score ?? 0, 2)}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
