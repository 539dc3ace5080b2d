import { Anchor, NumberInput, Radio, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useModels } from "../../../api/models";
import { Choice } from "../../../parts/Choice";
import { Note } from "../../../parts/Note";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";

export function AnswerMode() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const quoting = form.values.answers.mode === "quote";
  return (
    <Section title={t("mode.title")} description={t("mode.text")}>
      <Radio.Group aria-label={t("mode.title")} {...form.getInputProps("answers.mode")}>
        <Stack gap="xs">
          {(["auto", "generate", "quote"] as const).map((mode) => (
            <Choice
              key={mode}
              value={mode}
              name={t(`mode.${mode}.name`)}
              text={t(`mode.${mode}.text`)}
              remark={mode === "auto" ? t("mode.recommended") : undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {form.values.answers.mode === "auto" && (
        <NumberInput
          label={t("wait.label")}
          description={t("wait.hint")}
          suffix={t("wait.suffix")}
          min={1}
          max={600}
          clampBehavior="strict"
          allowDecimal={false}
          maw={440}
          {...form.getInputProps("answers.wait_seconds")}
        />
      )}
      {!quoting && <ModelAdvice />}
      {!quoting && (
        <Radio.Group
          label={t("unsupported.label")}
          description={t("unsupported.hint")}
          {...form.getInputProps("answers.unsupported")}
        >
          <Stack gap="xs" mt="xs">
            {(["mark", "withhold"] as const).map((way) => (
              <Choice
                key={way}
                value={way}
                name={t(`unsupported.${way}.name`)}
                text={t(`unsupported.${way}.text`)}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
    </Section>
  );
}

/** What the model that would write is good for, where there is something to say. */
function ModelAdvice() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const chosen = form.values.llm.model;
  const model = useModels().data?.find(
    ({ name, role, default: standard }) =>
      role === "language" && (chosen === null ? standard : name === chosen),
  );
  if (!model?.advice) return null;
  return (
    <Note>
      <Text size="sm" fw={600}>
        {t("mode.smallModel")}: {model.name}
      </Text>
      <Text size="sm">
        {model.advice}{" "}
        <Anchor component={Link} to="/models" size="sm">
          {t("mode.toModels")}
        </Anchor>
      </Text>
    </Note>
  );
}
