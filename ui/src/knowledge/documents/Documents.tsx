import { Button, Group, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useDocuments } from "../../api/knowledge";
import type { Assistant, Document } from "../../api/types";
import { ProblemNote } from "../../parts/ProblemNote";
import { AddText } from "../AddText";
import { DocumentDrawer } from "../drawer/DocumentDrawer";
import { DropArea } from "../uploads/DropArea";
import { UploadList } from "../uploads/UploadList";
import { useUploads } from "../uploads/UploadsProvider";
import { DocumentTable } from "./DocumentTable";

const statuses = ["ready", "processing", "queued", "failed"] as const;

export function Documents({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("knowledge");
  const general = useTranslation().t;
  const { add } = useUploads();
  const [search, setSearch] = useSearchParams();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 250);
  const [status, setStatus] = useState<Document["status"]>();
  const [writing, write] = useDisclosure(false);
  const query = useDocuments({ assistant_id: assistant.id, ...(q && { q }), status });
  const documents = query.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = q !== "" || status !== undefined;
  const bare = query.data !== undefined && documents.length === 0 && !filtered;

  const open = (id: string | null) =>
    setSearch(
      (now) => {
        if (id) now.set("document", id);
        else now.delete("document");
        return now;
      },
      { replace: true },
    );

  return (
    <Stack gap="md">
      <DropArea
        roomy={bare}
        onFiles={(files) => add(assistant.id, files)}
        extra={
          <Button variant="default" onClick={write.open}>
            {t("text.button")}
          </Button>
        }
      />
      <UploadList assistantId={assistant.id} />
      {query.error && <ProblemNote problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Waiting />}
      {query.data && !bare && (
        <>
          <Group gap="sm">
            <TextInput
              w={{ base: "100%", xs: 260 }}
              aria-label={t("list.search")}
              placeholder={t("list.search")}
              leftSection={<IconSearch size={16} stroke={1.75} />}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Select
              w={150}
              aria-label={t("list.status")}
              value={status ?? ""}
              onChange={(value) =>
                setStatus((value || undefined) as Document["status"] | undefined)
              }
              data={[
                { value: "", label: t("list.all") },
                ...statuses.map((value) => ({ value, label: t(`status.${value}`) })),
              ]}
            />
          </Group>
          {documents.length === 0 ? (
            <Text size="sm" c="dimmed" py="lg">
              {t("list.emptySearch")}
            </Text>
          ) : (
            <DocumentTable documents={documents} assistantId={assistant.id} onOpen={open} />
          )}
        </>
      )}
      {query.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {general("loadMore")}
          </Button>
        </Group>
      )}
      {writing && <AddText assistantId={assistant.id} onClose={write.close} />}
      <DocumentDrawer id={search.get("document")} onClose={() => open(null)} />
    </Stack>
  );
}

function Waiting() {
  return (
    <Stack gap="xs">
      <Skeleton h={36} w={260} />
      <Skeleton h={52} />
      <Skeleton h={52} />
      <Skeleton h={52} />
    </Stack>
  );
}
