import { Slider, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { percent } from "../../../parts/format";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";

export function Refusal() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const needed = form.values.answers.min_confidence;
  const set = (value: number | null) => form.setFieldValue("answers.min_confidence", value);
  return (
    <Section title={t("refusal.title")} description={t("refusal.text")}>
      <Textarea
        label={t("refusal.label")}
        maxLength={1000}
        autosize
        minRows={2}
        maxRows={6}
        {...form.getInputProps("answers.refusal_text")}
      />
      <Switch
        label={t("refusal.custom")}
        description={t("refusal.customHint")}
        checked={needed !== null}
        onChange={(event) => set(event.currentTarget.checked ? 0.5 : null)}
      />
      {needed !== null && (
        <Stack gap={6}>
          <Text size="sm" fw={600} id="needed-confidence">
            {t("refusal.confidence", { percent: percent(needed) })}
          </Text>
          <Slider
            value={needed}
            onChange={set}
            min={0}
            max={1}
            step={0.05}
            label={percent}
            mb={24}
            thumbProps={{ "aria-labelledby": "needed-confidence" }}
            marks={[
              { value: 0, label: t("refusal.lenient") },
              { value: 1, label: t("refusal.strict") },
            ]}
          />
        </Stack>
      )}
    </Section>
  );
}
