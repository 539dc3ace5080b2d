import { Button, Select, Skeleton, Tabs } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useAssistants } from "../api/assistants";
import type { Assistant } from "../api/types";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";
import { ProblemNote } from "../parts/ProblemNote";
import { Documents } from "./documents/Documents";
import { RetrievalTest } from "./retrieval/RetrievalTest";

/** The documents of one assistant, and a way to try what is found in them. */
export function Component() {
  const { t } = useTranslation("knowledge");
  const assistants = useAssistants();
  const [search, setSearch] = useSearchParams();
  const all = assistants.data ?? [];
  const chosen = all.find(({ id }) => id === search.get("assistant")) ?? all[0];
  return (
    <Page
      title={t("title")}
      description={t("description")}
      actions={
        chosen && (
          <Select
            aria-label={t("assistant")}
            w={240}
            searchable={all.length > 8}
            data={all.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen.id}
            onChange={(id) => id && setSearch({ assistant: id })}
          />
        )
      }
    >
      {assistants.error && (
        <ProblemNote problem={assistants.error} onRetry={() => void assistants.refetch()} />
      )}
      {assistants.isPending && <Skeleton h={200} radius="lg" />}
      {assistants.data && !chosen && <NoAssistant />}
      {chosen && <Shelf key={chosen.id} assistant={chosen} />}
    </Page>
  );
}

function Shelf({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("knowledge");
  const [search, setSearch] = useSearchParams();
  const show = (tab: string | null) =>
    setSearch({ assistant: assistant.id, ...(tab === "test" ? { tab } : {}) });
  return (
    <Tabs value={search.get("tab") === "test" ? "test" : "documents"} onChange={show}>
      <Tabs.List mb="lg">
        <Tabs.Tab value="documents">{t("tabs.documents")}</Tabs.Tab>
        <Tabs.Tab value="test">{t("tabs.test")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="documents">
        <Documents assistant={assistant} />
      </Tabs.Panel>
      <Tabs.Panel value="test">
        <RetrievalTest assistant={assistant} />
      </Tabs.Panel>
    </Tabs>
  );
}

function NoAssistant() {
  const { t } = useTranslation("knowledge");
  return (
    <EmptyState
      icon={<IconBook2 size={22} stroke={1.75} />}
      title={t("noAssistant.title")}
      text={t("noAssistant.text")}
      action={
        <Button component={Link} to="/assistants">
          {t("noAssistant.action")}
        </Button>
      }
    />
  );
}
