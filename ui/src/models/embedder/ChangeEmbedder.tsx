import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useEmbedderActions } from "../../api/embedder";
import type { LocalModel } from "../../api/models";
import { ProblemNote } from "../../parts/ProblemNote";

interface Props {
  model: LocalModel;
  onClose: () => void;
}

/** Says what changing the embedding model means, and begins. */
export function ChangeEmbedder({ model, onClose }: Props) {
  const { t } = useTranslation("models");
  const general = useTranslation().t;
  const { begin } = useEmbedderActions();
  const name = model.title || model.name;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("embedder.ask.title", { name })}
      closeButtonProps={{ "aria-label": general("close") }}
    >
      <Stack gap="md">
        <Text size="sm">{t("embedder.ask.text")}</Text>
        <List type="ordered" size="sm" spacing={6}>
          {(["build", "compare", "switch", "back"] as const).map((step) => (
            <List.Item key={step}>{t(`embedder.ask.${step}`)}</List.Item>
          ))}
        </List>
        {begin.error && <ProblemNote problem={begin.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {general("cancel")}
          </Button>
          <Button
            loading={begin.isPending}
            onClick={() => begin.mutate(model.name, { onSuccess: onClose })}
          >
            {t("embedder.ask.action")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
