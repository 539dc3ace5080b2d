import { Badge, Group, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Assistant } from "../../api/types";
import { RelativeTime } from "../../parts/RelativeTime";
import classes from "./AssistantCard.module.css";
import { CardMenu } from "./CardMenu";

export function AssistantCard({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("assistants");
  const archived = assistant.archived_at !== null;
  return (
    <article className={classes.card}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Title order={2} size="h3" className={classes.name}>
          {archived ? (
            assistant.name
          ) : (
            <Link to={`/assistants/${assistant.id}/behaviour`} className={classes.link}>
              {assistant.name}
            </Link>
          )}
        </Title>
        <CardMenu assistant={assistant} />
      </Group>
      <Text size="sm" c="dimmed" lineClamp={2} className={classes.description}>
        {assistant.description || t("card.noDescription")}
      </Text>
      <Group gap={8} mt="auto" pt="md">
        <Badge color="brand">{t(`card.mode.${assistant.answers.mode}`)}</Badge>
        <Text size="xs" c="dimmed">
          {t("card.sites", { count: assistant.security.allowed_origins.length })}
        </Text>
        <Text size="xs" c="dimmed" ml="auto">
          {t(archived ? "card.archived" : "card.changed")}{" "}
          <RelativeTime at={assistant.archived_at ?? assistant.updated_at} />
        </Text>
      </Group>
    </article>
  );
}
