import { Button, Group, SegmentedControl, SimpleGrid, Skeleton, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconMessagePlus, IconPlus, IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useAssistants } from "../../api/assistants";
import { EmptyState } from "../../parts/EmptyState";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { AssistantCard } from "./AssistantCard";
import { CreateAssistant } from "./CreateAssistant";

export function Component() {
  const { t } = useTranslation("assistants");
  const [search, setSearch] = useSearchParams();
  const archived = search.get("show") === "archived";
  const wanted = (search.get("q") ?? "").toLowerCase();
  const [creating, create] = useDisclosure(false);
  const assistants = useAssistants({ archived });
  const all = assistants.data ?? [];
  const shown = all.filter(({ name }) => name.toLowerCase().includes(wanted));
  const newButton = (
    <Button leftSection={<IconPlus size={17} />} onClick={create.open}>
      {t("new")}
    </Button>
  );

  const set = (name: string, value: string) =>
    setSearch(
      (now) => {
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );

  return (
    <Page title={t("title")} description={t("description")} actions={newButton}>
      <Group mb="lg" gap="sm">
        <TextInput
          w={{ base: "100%", xs: 260 }}
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} stroke={1.75} />}
          value={search.get("q") ?? ""}
          onChange={(event) => set("q", event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t("filter.label")}
          value={archived ? "archived" : "current"}
          onChange={(value) => set("show", value === "archived" ? value : "")}
          data={[
            { value: "current", label: t("filter.current") },
            { value: "archived", label: t("filter.archived") },
          ]}
        />
      </Group>
      {assistants.error && (
        <ProblemNote problem={assistants.error} onRetry={() => void assistants.refetch()} />
      )}
      {assistants.isPending && <Waiting />}
      {assistants.data && shown.length === 0 && (
        <Nothing archived={archived} searched={wanted !== ""} action={newButton} />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
        {shown.map((assistant) => (
          <AssistantCard key={assistant.id} assistant={assistant} />
        ))}
      </SimpleGrid>
      {creating && <CreateAssistant onClose={create.close} />}
    </Page>
  );
}

function Waiting() {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
      {["a", "b", "c"].map((key) => (
        <Skeleton key={key} h={168} radius="lg" />
      ))}
    </SimpleGrid>
  );
}

interface NothingProps {
  archived: boolean;
  searched: boolean;
  action: React.ReactNode;
}

function Nothing({ archived, searched, action }: NothingProps) {
  const { t } = useTranslation("assistants");
  const about = searched ? "emptySearch" : archived ? "emptyArchive" : "empty";
  const Icon = searched ? IconSearch : archived ? IconArchive : IconMessagePlus;
  return (
    <EmptyState
      icon={<Icon size={22} stroke={1.75} />}
      title={t(`${about}.title`)}
      text={t(`${about}.text`)}
      action={about === "empty" ? action : undefined}
    />
  );
}
