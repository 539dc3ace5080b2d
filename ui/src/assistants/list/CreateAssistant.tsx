import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useCreateAssistant } from "../../api/assistants";
import { ProblemNote } from "../../parts/ProblemNote";

export function CreateAssistant({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("assistants");
  const general = useTranslation().t;
  const navigate = useNavigate();
  const create = useCreateAssistant();
  const form = useForm({
    initialValues: { name: "", description: "" },
    validate: { name: (name) => (name.trim() ? null : t("create.nameEmpty")) },
  });
  const submit = form.onSubmit(({ name, description }) =>
    create.mutate(
      { name: name.trim(), description: description.trim() },
      { onSuccess: ({ id }) => navigate(`/assistants/${id}/behaviour`) },
    ),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("create.title")}
      closeButtonProps={{ "aria-label": general("close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={t("create.name")}
            description={t("create.nameHint")}
            placeholder={t("create.namePlaceholder")}
            maxLength={200}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <Textarea
            label={t("create.description")}
            placeholder={t("create.descriptionPlaceholder")}
            maxLength={2000}
            autosize
            minRows={2}
            maxRows={6}
            {...form.getInputProps("description")}
          />
          {create.error && <ProblemNote problem={create.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {general("cancel")}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t("create.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
