import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { originalAddress } from "../../api/knowledge";
import type { Citation } from "../../api/types";
import { number } from "../../parts/format";
import { placeInWords } from "../../parts/place";
import classes from "./PassagePanel.module.css";
import { around } from "./quote";

interface Props {
  source: Citation | null;
  onClose: () => void;
}

/** The passage an answer rests on, with the quoted words marked. */
export function PassagePanel({ source, onClose }: Props) {
  const { t } = useTranslation("playground");
  const general = useTranslation().t;
  return (
    <Drawer
      opened={source !== null}
      onClose={onClose}
      size={480}
      title={source?.document_name ?? ""}
      closeButtonProps={{ "aria-label": general("close") }}
    >
      {source && (
        <Stack gap="md">
          <Group gap="xs" justify="space-between">
            <Text size="sm" c="dimmed">
              {placeInWords(source) || t("wholeText")}
            </Text>
            <Text size="xs" c="dimmed">
              {t("score", { score: number(source.score ?? 0, 2) })}
            </Text>
          </Group>
          <Passage text={source.text ?? ""} quote={source.quote} />
          <div>
            <Button
              component="a"
              href={originalAddress({ id: source.document_id })}
              variant="default"
              leftSection={<IconDownload size={16} stroke={1.75} />}
            >
              {t("original")}
            </Button>
          </div>
        </Stack>
      )}
    </Drawer>
  );
}

function Passage({ text, quote }: { text: string; quote?: string | null }) {
  const parts = around(text, quote);
  return (
    <blockquote className={classes.passage} dir="auto">
      {parts.before}
      {parts.quote && <mark className={classes.mark}>{parts.quote}</mark>}
      {parts.after}
    </blockquote>
  );
}
