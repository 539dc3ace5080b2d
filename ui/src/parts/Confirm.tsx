import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNote } from "./ProblemNote";

interface Props {
  title: string;
  children: ReactNode; // what will be lost, in words
  action: string;
  typed?: string; // what has to be typed first, for things that cannot come back
  typedLabel?: string;
  busy: boolean;
  problem: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be undone. Mount it to open it. */
export function Confirm({ typed, typedLabel, busy, problem, ...props }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack gap="md">
        <Text size="sm" component="div">
          {props.children}
        </Text>
        {typed !== undefined && (
          <TextInput
            label={typedLabel}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        {problem != null && <ProblemNote problem={problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t("cancel")}
          </Button>
          <Button
            color="red.9"
            loading={busy}
            disabled={typed !== undefined && words.trim() !== typed}
            onClick={props.onConfirm}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
