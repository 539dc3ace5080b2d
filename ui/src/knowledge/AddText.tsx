import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useAddText } from "../api/knowledge";
import { fieldErrors } from "../api/problem";
import { ProblemNote } from "../parts/ProblemNote";
import { toast } from "../parts/toast";

interface Props {
  assistantId: string;
  onClose: () => void;
}

export function AddText({ assistantId, onClose }: Props) {
  const { t } = useTranslation("knowledge");
  const general = useTranslation().t;
  const add = useAddText();
  const form = useForm({
    initialValues: { name: "", content: "" },
    validate: {
      name: (name) => (name.trim() ? null : t("text.nameEmpty")),
      content: (content) => (content.trim() ? null : t("text.contentEmpty")),
    },
  });
  const submit = form.onSubmit(({ name, content }) =>
    add.mutate(
      { assistant_id: assistantId, name: name.trim(), content },
      {
        onSuccess: () => {
          toast(t("text.added", { name: name.trim() }));
          onClose();
        },
        onError: (problem) => form.setErrors(fieldErrors(problem, ["name", "content"])),
      },
    ),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("text.title")}
      size="lg"
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ "aria-label": general("close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={t("text.name")}
            description={t("text.nameHint")}
            placeholder={t("text.namePlaceholder")}
            maxLength={200}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <Textarea
            label={t("text.content")}
            description={t("text.contentHint")}
            placeholder={t("text.contentPlaceholder")}
            autosize
            minRows={8}
            maxRows={18}
            {...form.getInputProps("content")}
          />
          {add.error && <ProblemNote problem={add.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {general("cancel")}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t("text.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
