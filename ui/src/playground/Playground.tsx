import { ActionIcon, Button, CloseButton, Group, Text, Title, Tooltip } from "@mantine/core";
import { IconMessagePlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Assistant, Citation } from "../api/types";
import { Composer } from "./Composer";
import { Log } from "./Log";
import classes from "./Playground.module.css";
import { PassagePanel } from "./sources/PassagePanel";
import type { Conversation } from "./useConversation";

interface Props {
  assistant: Assistant;
  conversation: Conversation;
  unsaved: boolean; // the form holds changes that this conversation does not know
  saving: boolean;
  onSave: () => Promise<boolean>;
  onClose?: () => void; // when it lies over the page
}

/** A conversation with the assistant as it is saved. */
export function Playground({ assistant, conversation, unsaved, saving, onSave, onClose }: Props) {
  const { t } = useTranslation("playground");
  const general = useTranslation().t;
  const [source, setSource] = useState<Citation | null>(null);
  const { turns, busy, ask, stop, startAnew } = conversation;
  const last = turns.at(-1);

  const saveAndTry = async () => {
    if ((await onSave()) && last) ask(last.question);
  };
  return (
    <section className={classes.playground} aria-label={t("title")}>
      <Group className={classes.head} justify="space-between" wrap="nowrap">
        <Group gap={8} align="baseline">
          <Title order={2} size="h3">
            {t("title")}
          </Title>
          <Text size="xs" c="dimmed">
            {t("version", { version: assistant.version })}
          </Text>
        </Group>
        <Group gap={4} wrap="nowrap">
          {turns.length > 0 && (
            <Tooltip label={t("anew")}>
              <ActionIcon variant="subtle" color="gray" onClick={startAnew} aria-label={t("anew")}>
                <IconMessagePlus size={18} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
          )}
          {onClose && <CloseButton onClick={onClose} aria-label={general("close")} />}
        </Group>
      </Group>
      {unsaved && (
        <Group className={classes.unsaved} justify="space-between" gap="xs" role="status">
          <Text size="sm">{t("unsaved")}</Text>
          <Button size="xs" variant="default" loading={saving} onClick={() => void saveAndTry()}>
            {t("saveAndTry")}
          </Button>
        </Group>
      )}
      <Log assistant={assistant} turns={turns} onOpen={setSource} onAskAgain={ask} busy={busy} />
      <Composer busy={busy} onAsk={ask} onStop={stop} />
      <PassagePanel source={source} onClose={() => setSource(null)} />
    </section>
  );
}
