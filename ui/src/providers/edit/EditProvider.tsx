import { Button, Drawer, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { fieldErrors } from "../../api/problem";
import { kinds, type Provider, type ProviderBody, useProviderActions } from "../../api/providers";
import { Note } from "../../parts/Note";
import { ProblemNote } from "../../parts/ProblemNote";
import { toast } from "../../parts/toast";
import { fieldsOf } from "../kinds";
import { type ProviderForm, requestOf, useProviderForm } from "./form";
import { KeyField } from "./KeyField";
import { ModelList } from "./ModelList";

interface Props {
  provider: Provider | null; // null: a new one
  onClose: () => void;
}

/** A provider's particulars. A new one is off, and allowed nowhere. */
export function EditProvider({ provider, onClose }: Props) {
  const { t } = useTranslation("providers");
  const general = useTranslation().t;
  const { create, change } = useProviderActions();
  const form = useProviderForm(provider);
  const { kind, models } = form.values;
  const fields = fieldsOf[kind];
  const saving = provider ? change : create;
  const submit = form.onSubmit((values: ProviderForm) => {
    const { kind: _, ...changes } = requestOf(values);
    const outcome = {
      onSuccess: () => {
        onClose();
        toast(t("saved", { name: values.name.trim() }));
      },
      onError: (problem: NonNullable<typeof saving.error>) =>
        form.setErrors(fieldErrors(problem, Object.keys(values))),
    };
    if (provider) change.mutate({ id: provider.id, ...changes }, outcome);
    else create.mutate({ ...requestOf(values), enabled: false } satisfies ProviderBody, outcome);
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      title={provider ? t("edit.title", { name: provider.name }) : t("edit.new")}
      size="md"
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ "aria-label": general("close") }}
    >
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack gap="md">
          {!provider && <Note>{t("edit.offFirst")}</Note>}
          <Select
            label={t("field.kind")}
            description={t(`kind.${kind}.text`)}
            inputWrapperOrder={["label", "input", "description", "error"]}
            data={kinds.map((value) => ({ value, label: t(`kind.${value}.name`) }))}
            disabled={provider !== null}
            data-autofocus={provider ? undefined : true}
            {...form.getInputProps("kind")}
          />
          <TextInput
            label={t("field.name")}
            description={t("field.nameHint")}
            maxLength={120}
            {...form.getInputProps("name")}
          />
          {fields.address !== "none" && (
            <TextInput
              label={t("field.address")}
              description={t(`field.addressHint.${kind as "azure" | "compatible"}`)}
              placeholder={t(`field.addressExample.${kind as "azure" | "compatible"}`)}
              inputMode="url"
              spellCheck={false}
              autoCapitalize="off"
              {...form.getInputProps("base_url")}
            />
          )}
          {provider && form.values.base_url.trim() !== (provider.base_url ?? "") && (
            <Note tone="warn">{t("field.addressMoved")}</Note>
          )}
          {fields.version && (
            <TextInput
              label={t("field.version")}
              description={t("field.versionHint")}
              placeholder="2024-10-21"
              {...form.getInputProps("api_version")}
            />
          )}
          <KeyField form={form} provider={provider} />
          <ModelList
            kind={kind}
            value={models}
            onChange={(list) => form.setFieldValue("models", list)}
            providerId={provider?.id ?? null}
            error={form.errors.models}
          />
          {saving.error && <ProblemNote problem={saving.error} />}
          <Text size="xs" c="dimmed">
            {t("edit.keySealed")}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {general("cancel")}
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {t("edit.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
