import {
  Button,
  Group,
  Modal,
  Radio,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useImport } from "../../api/models";
import { fieldErrors } from "../../api/problem";
import { Choice } from "../../parts/Choice";
import { ProblemNote } from "../../parts/ProblemNote";
import { IncomingFiles } from "./IncomingFiles";

interface Props {
  onClose: () => void;
  onStarted: (jobId: string) => void;
}

/** Takes a model in from a file: out of the folder for that, or from anywhere on the server. */
export function AddModel({ onClose, onStarted }: Props) {
  const { t } = useTranslation("models");
  const general = useTranslation().t;
  const bring = useImport();
  const form = useForm({
    initialValues: { from: "incoming", file: "", path: "", way: "copy" },
    validate: {
      file: (file, { from }) => (from === "incoming" && !file ? t("add.noFile") : null),
      path: (path, { from }) => (from === "path" && !path.trim() ? t("add.noPath") : null),
    },
  });
  const { from, file, path, way } = form.values;
  const submit = form.onSubmit(() =>
    bring.mutate(
      { path: from === "incoming" ? file : path.trim(), link: way === "link" },
      {
        onSuccess: ({ job_id }) => onStarted(job_id),
        onError: (problem) => form.setErrors(fieldErrors(problem, ["path"])),
      },
    ),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("add.title")}
      size="lg"
      closeButtonProps={{ "aria-label": general("close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <SegmentedControl
            fullWidth
            aria-label={t("add.from")}
            data={[
              { value: "incoming", label: t("add.incoming") },
              { value: "path", label: t("add.path") },
            ]}
            {...form.getInputProps("from")}
          />
          {from === "incoming" ? (
            <IncomingFiles {...form.getInputProps("file")} value={file} />
          ) : (
            <TextInput
              label={t("add.pathLabel")}
              description={t("add.pathHint")}
              placeholder="/media/usb/model.gguf"
              spellCheck={false}
              autoCapitalize="off"
              data-autofocus
              {...form.getInputProps("path")}
            />
          )}
          <Radio.Group label={t("add.way")} {...form.getInputProps("way")}>
            <Stack gap="xs" mt={6}>
              {(["copy", "link"] as const).map((value) => (
                <Choice
                  key={value}
                  value={value}
                  name={t(`add.${value}.name`)}
                  text={t(`add.${value}.text`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Text size="xs" c="dimmed">
            {t("add.checked")}
          </Text>
          {bring.error && <ProblemNote problem={bring.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {general("cancel")}
            </Button>
            <Button type="submit" loading={bring.isPending}>
              {t("add.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
