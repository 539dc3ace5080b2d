import { Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";
import { AnswerMode } from "./AnswerMode";
import { Documents } from "./Documents";
import { FineTuning } from "./FineTuning";
import { Model } from "./Model";
import { Refusal } from "./Refusal";

export function Behaviour() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  return (
    <>
      <Section title={t("about.title")}>
        <TextInput label={t("about.name")} maxLength={120} {...form.getInputProps("name")} />
        <Textarea
          label={t("about.description")}
          description={t("about.descriptionHint")}
          maxLength={2000}
          autosize
          minRows={2}
          maxRows={6}
          {...form.getInputProps("description")}
        />
      </Section>
      <AnswerMode />
      <Model />
      <Refusal />
      <Section title={t("voice.title")} description={t("voice.text")}>
        <Textarea
          label={t("voice.instructions")}
          placeholder={t("voice.instructionsPlaceholder")}
          maxLength={20_000}
          autosize
          minRows={4}
          maxRows={16}
          {...form.getInputProps("instructions")}
        />
        <TextInput
          label={t("voice.tone")}
          placeholder={t("voice.tonePlaceholder")}
          maxLength={500}
          {...form.getInputProps("tone")}
        />
      </Section>
      <Documents />
      <FineTuning />
    </>
  );
}
