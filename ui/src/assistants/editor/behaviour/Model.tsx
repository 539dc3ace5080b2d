import { SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Uses } from "../../../api/assistants";
import { useChoices } from "../../../api/models";
import { Note } from "../../../parts/Note";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";
import { Fallbacks } from "./Fallbacks";
import { ModelSelect } from "./ModelSelect";

const uses = ["draft", "summary", "title"] as const satisfies (keyof Uses)[];

/** Which model writes, which ones stand in for it, and which do the small work beside it. */
export function Model() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const { model, fallback, uses: chosen } = form.values.llm;
  return (
    <Section title={t("model.title")} description={t("model.text")}>
      <ModelSelect
        label={t("model.label")}
        none={t("model.standard")}
        value={model}
        error={form.errors["llm.model"]}
        onChange={(name) => form.setFieldValue("llm.model", name)}
      />
      <Outside />
      <Fallbacks
        value={fallback}
        taken={[...fallback, ...(model ? [model] : [])]}
        error={form.errors["llm.fallback"]}
        onChange={(names) => form.setFieldValue("llm.fallback", names)}
      />
      <div>
        <Text size="sm" fw={600}>
          {t("model.uses.heading")}
        </Text>
        <Text size="xs" c="dimmed" mb="xs">
          {t("model.uses.text")}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md">
          {uses.map((use) => (
            <ModelSelect
              key={use}
              label={t(`model.uses.${use}`)}
              none={t("model.uses.same")}
              value={chosen[use]}
              error={form.errors[`llm.uses.${use}`]}
              onChange={(name) => form.setFieldValue(`llm.uses.${use}`, name)}
            />
          ))}
        </SimpleGrid>
      </div>
    </Section>
  );
}

/** Says so when any of the chosen models is not in this building. */
function Outside() {
  const { t } = useTranslation("editor");
  const { model, fallback, uses: chosen } = useDraftForm().values.llm;
  const choices = useChoices().data ?? [];
  const names = new Set([model, ...fallback, ...Object.values(chosen)]);
  const outside = choices.filter(({ name, leaves_the_box }) => leaves_the_box && names.has(name));
  if (outside.length === 0) return null;
  return (
    <Note tone="warn">
      {t("model.outside", { names: outside.map(({ title }) => title).join(", ") })}
    </Note>
  );
}
