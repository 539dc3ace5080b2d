import {
  Button,
  Checkbox,
  Group,
  Input,
  Modal,
  Radio,
  Select,
  Stack,
  TextInput,
} from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAssistants } from "../api/assistants";
import { useCreateKey } from "../api/keys";
import { fieldErrors } from "../api/problem";
import type { NewApiKey } from "../api/types";
import { Choice } from "../parts/Choice";
import { OriginList } from "../parts/OriginList";
import { ProblemNote } from "../parts/ProblemNote";
import { lifetimes, requestOf, useKeyForm } from "./form";
import { scopeName, scopes, scopeText } from "./scopes";

interface Props {
  onClose: () => void;
  onMade: (key: NewApiKey) => void;
}

export function CreateKey({ onClose, onMade }: Props) {
  const { t } = useTranslation("keys");
  const general = useTranslation().t;
  const create = useCreateKey();
  const assistants = useAssistants().data ?? [];
  const form = useKeyForm();
  const secret = form.values.kind === "secret";
  const fields = Object.keys(form.values);
  const submit = form.onSubmit((values) =>
    create.mutate(requestOf(values, Date.now()), {
      onSuccess: onMade,
      onError: (problem) => form.setErrors(fieldErrors(problem, fields)),
    }),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("create.title")}
      size="lg"
      closeOnClickOutside={!form.isDirty()}
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
          <Radio.Group label={t("kind.label")} {...form.getInputProps("kind")}>
            <Stack gap="xs" mt={6}>
              {(["secret", "publishable"] as const).map((kind) => (
                <Choice
                  key={kind}
                  value={kind}
                  name={t(`kind.${kind}.name`)}
                  text={t(`kind.${kind}.text`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          {secret ? (
            <Checkbox.Group label={t("create.scopes")} {...form.getInputProps("scopes")}>
              <Stack gap={10} mt={8}>
                {scopes.map((scope) => (
                  <Checkbox
                    key={scope}
                    value={scope}
                    label={scopeName(scope)}
                    description={scopeText(scope)}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          ) : (
            <Input.Wrapper label={t("create.origins")} labelElement="div">
              <OriginList
                {...form.getInputProps("origins")}
                value={form.values.origins}
                empty={t("create.originsEmpty")}
              />
            </Input.Wrapper>
          )}
          <Group grow align="flex-start" preventGrowOverflow={false} wrap="wrap">
            <Select
              label={t("create.assistant")}
              description={t("create.assistantHint")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              data={[
                { value: "", label: t("create.anyAssistant") },
                ...assistants.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              {...form.getInputProps("assistant_id")}
            />
            <Select
              label={t("create.expiry")}
              data={lifetimes.map((value) => ({ value, label: t(`create.expiries.${value}`) }))}
              {...form.getInputProps("lifetime")}
            />
          </Group>
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
