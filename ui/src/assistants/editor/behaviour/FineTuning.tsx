import { NumberInput, Select, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useModels } from "../../../api/models";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";

export function FineTuning() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  return (
    <Section title={t("tuning.title")} description={t("tuning.text")}>
      <ModelSelect />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <NumberInput
          label={t("tuning.k")}
          description={t("tuning.kHint")}
          min={1}
          max={50}
          clampBehavior="strict"
          allowDecimal={false}
          {...form.getInputProps("knowledge.k")}
        />
        <NumberInput
          label={t("tuning.maxTokens")}
          description={t("tuning.maxTokensHint")}
          min={1}
          max={4096}
          step={50}
          clampBehavior="strict"
          allowDecimal={false}
          {...form.getInputProps("llm.max_tokens")}
        />
        <NumberInput
          label={t("tuning.temperature")}
          description={t("tuning.temperatureHint")}
          min={0}
          max={2}
          step={0.1}
          decimalScale={2}
          {...form.getInputProps("llm.temperature")}
        />
        <NumberInput
          label={t("tuning.topP")}
          description={t("tuning.topPHint")}
          min={0.05}
          max={1}
          step={0.05}
          decimalScale={2}
          {...form.getInputProps("llm.top_p")}
        />
      </SimpleGrid>
    </Section>
  );
}

function ModelSelect() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const chosen = form.values.llm.model;
  const installed = (useModels().data ?? [])
    .filter(({ role, installed: here }) => role === "language" && here)
    .map(({ name }) => ({ value: name, label: name }));
  const missing =
    chosen !== null && !installed.some(({ value }) => value === chosen)
      ? [{ value: chosen, label: t("tuning.modelMissing", { name: chosen }) }]
      : [];
  return (
    <Select
      label={t("tuning.model")}
      data={[{ value: "", label: t("tuning.modelDefault") }, ...installed, ...missing]}
      {...form.getInputProps("llm.model")}
      value={chosen ?? ""}
      onChange={(value) => form.setFieldValue("llm.model", value || null)}
    />
  );
}
