import { SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";
import { MainColor } from "./MainColor";
import { Preview } from "./Preview";

const themes = ["auto", "light", "dark"] as const;
const positions = ["bottom-right", "bottom-left", "top-right", "top-left", "inline"] as const;

export function Look() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const themeLabel = useId();
  return (
    <Section title={t("look.title")} description={t("look.text")}>
      <Preview look={form.values.widget} name={form.values.name} />
      <TextInput
        label={t("look.heading")}
        description={t("look.headingHint", { name: form.values.name })}
        maxLength={120}
        {...form.getInputProps("widget.title")}
      />
      <Textarea
        label={t("look.welcome")}
        placeholder={t("look.welcomePlaceholder")}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={6}
        {...form.getInputProps("widget.welcome_message")}
      />
      <TextInput
        label={t("look.input")}
        placeholder={t("look.inputPlaceholder")}
        maxLength={200}
        {...form.getInputProps("widget.placeholder")}
      />
      <MainColor />
      <Stack gap={6}>
        <Text size="sm" fw={600} id={themeLabel}>
          {t("look.theme")}
        </Text>
        <SegmentedControl
          aria-labelledby={themeLabel}
          data={themes.map((value) => ({ value, label: t(`look.themes.${value}`) }))}
          {...form.getInputProps("widget.theme")}
        />
      </Stack>
      <Select
        label={t("look.position")}
        data={positions.map((value) => ({ value, label: t(`look.positions.${value}`) }))}
        {...form.getInputProps("widget.position")}
      />
    </Section>
  );
}
