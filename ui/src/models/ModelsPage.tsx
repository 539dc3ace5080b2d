import { Skeleton, Stack } from "@mantine/core";
import { IconCpu } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useModels } from "../api/machine";
import { CodeBlock } from "../parts/CodeBlock";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";
import { ProblemNote } from "../parts/ProblemNote";
import { Section } from "../parts/Section";
import { ModelCard } from "./ModelCard";

export function Component() {
  const { t } = useTranslation("models");
  const models = useModels();
  const all = models.data ?? [];
  return (
    <Page title={t("title")} description={t("description")}>
      {models.error && <ProblemNote problem={models.error} onRetry={() => void models.refetch()} />}
      {models.isPending && (
        <Stack gap="md">
          <Skeleton h={148} radius="lg" />
          <Skeleton h={148} radius="lg" />
        </Stack>
      )}
      {models.data && all.length === 0 && (
        <EmptyState
          icon={<IconCpu size={22} stroke={1.75} />}
          title={t("empty.title")}
          text={t("empty.text")}
        />
      )}
      {(["language", "embedding"] as const).map((role) => {
        const some = all.filter((model) => model.role === role);
        return some.length === 0 ? null : (
          <Section
            key={role}
            title={t(`roles.${role}.title`)}
            description={t(`roles.${role}.text`)}
          >
            {some.map((model) => (
              <ModelCard key={model.name} model={model} />
            ))}
          </Section>
        );
      })}
      {all.length > 0 && (
        <Section title={t("import.title")} description={t("import.text")}>
          <CodeBlock code="appliance models import model.gguf" label={t("import.command")} />
        </Section>
      )}
    </Page>
  );
}
