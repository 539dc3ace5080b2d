import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { OriginList } from "../../../parts/OriginList";
import { Section } from "../../../parts/Section";
import { useDraftForm } from "../desk";
import { Refused } from "./Refused";

/** Which sites may show the assistant, and which were turned away. */
export function Access() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  return (
    <>
      <Section title={t("access.title")} description={t("access.text")}>
        <OriginList
          {...form.getInputProps("security.allowed_origins")}
          value={form.values.security.allowed_origins}
          empty={t("access.empty")}
        />
        <Text size="xs" c="dimmed">
          {t("access.wildcardHint")}
        </Text>
      </Section>
      <Section title={t("access.refusedTitle")} description={t("access.refusedText")}>
        <Refused />
      </Section>
    </>
  );
}
