import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { NewApiKey } from "../api/types";
import { CodeBlock } from "../parts/CodeBlock";
import { Note } from "../parts/Note";
import { curlFor } from "./curl";

interface Props {
  made: NewApiKey;
  onClose: () => void;
}

/** The only time a key is seen; a click beside the dialog must not end it. */
export function MadeKey({ made, onClose }: Props) {
  const { t } = useTranslation("keys");
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("made.title")}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        <Note tone="warn">{t("made.text")}</Note>
        <CodeBlock code={made.key} label={t("made.key")} copyLabel={t("made.copy")} />
        <div>
          <Text size="sm" fw={600} mb={6}>
            {t("made.try")}
          </Text>
          <CodeBlock code={curlFor(made, window.location.origin)} label={t("made.try")} />
        </div>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("made.done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
