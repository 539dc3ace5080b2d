import { Button, MultiSelect, Text } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAssistants } from "../../../api/assistants";
import { Section } from "../../../parts/Section";
import { useDesk, useDraftForm } from "../desk";

/** Which documents are searched: its own, and those of other assistants. */
export function Documents() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const { assistant } = useDesk();
  const others = (useAssistants().data ?? [])
    .filter(({ id }) => id !== assistant.id)
    .map(({ name, collection_id }) => ({ value: collection_id, label: name }));
  const chosen = form.values.knowledge.collection_ids;
  const gone = chosen
    .filter((id) => !others.some(({ value }) => value === id))
    .map((id) => ({ value: id, label: t("knowledge.gone") }));
  return (
    <Section title={t("knowledge.title")}>
      <div>
        <Button
          component={Link}
          to={`/knowledge?assistant=${assistant.id}`}
          variant="default"
          leftSection={<IconBook2 size={17} stroke={1.75} />}
        >
          {t("knowledge.open")}
        </Button>
      </div>
      {others.length + gone.length > 0 ? (
        <MultiSelect
          label={t("knowledge.others")}
          description={t("knowledge.othersHint")}
          placeholder={chosen.length ? "" : t("knowledge.othersPlaceholder")}
          data={[...others, ...gone]}
          clearable
          {...form.getInputProps("knowledge.collection_ids")}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t("knowledge.none")}
        </Text>
      )}
    </Section>
  );
}
