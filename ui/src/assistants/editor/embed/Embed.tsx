import { Anchor, Button, Group, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { isLoopback } from "../../../door/connection";
import { CodeBlock } from "../../../parts/CodeBlock";
import { Note } from "../../../parts/Note";
import { Section } from "../../../parts/Section";
import { useDesk } from "../desk";
import { cspEntries, scriptTag } from "./snippet";

export function Embed() {
  const { t } = useTranslation("editor");
  const { assistant } = useDesk();
  const { origin, protocol, hostname } = window.location;
  return (
    <>
      <Section title={t("embed.title")} description={t("embed.text")}>
        {assistant.security.allowed_origins.length === 0 && (
          <Note tone="warn">
            {t("embed.noSites")}{" "}
            <Anchor component={Link} to={`/assistants/${assistant.id}/access`} size="sm">
              {t("embed.toAccess")}
            </Anchor>
          </Note>
        )}
        <CodeBlock code={scriptTag(origin, assistant.id)} label={t("embed.snippet")} />
        <Group gap="sm">
          <Button
            component="a"
            href={`/demo/${assistant.id}`}
            target="_blank"
            rel="noreferrer"
            variant="default"
            rightSection={<IconExternalLink size={16} stroke={1.75} />}
          >
            {t("embed.demo")}
          </Button>
          <Text size="sm" c="dimmed">
            {t("embed.demoHint")}
          </Text>
        </Group>
      </Section>
      <Section title={t("embed.addressTitle")}>
        {isLoopback(hostname) ? (
          <Note tone="warn">{t("embed.local", { origin })}</Note>
        ) : (
          <Note tone={protocol === "https:" ? "info" : "warn"}>
            {t(protocol === "https:" ? "embed.https" : "embed.mixed")}
          </Note>
        )}
      </Section>
      <Section title={t("embed.cspTitle")} description={t("embed.cspText")}>
        <CodeBlock code={cspEntries(origin)} label={t("embed.csp")} />
      </Section>
    </>
  );
}
