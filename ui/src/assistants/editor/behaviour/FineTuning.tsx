import { NumberInput, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";

export function FineTuning() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  return (
    <Section title={t("tuning.title")} description={t("tuning.text")}>
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
