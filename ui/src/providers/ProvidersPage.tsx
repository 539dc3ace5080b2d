import { Button, Skeleton, Stack } from "@mantine/core";
import { IconLock, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Provider, useProviders } from "../api/providers";
import { EmptyState } from "../parts/EmptyState";
import { Note } from "../parts/Note";
import { Page } from "../parts/Page";
import { ProblemNote } from "../parts/ProblemNote";
import { Collections } from "./collections/Collections";
import { EditProvider } from "./edit/EditProvider";
import { ProviderCard } from "./list/ProviderCard";
import { Outlook } from "./Outlook";

export function Component() {
  const { t } = useTranslation("providers");
  const providers = useProviders();
  const [editing, edit] = useState<Provider | "new" | null>(null);
  const all = providers.data ?? [];
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => edit("new")}>
      {t("add")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      description={t("description")}
      actions={all.length > 0 ? add : undefined}
    >
      {providers.error && <Trouble problem={providers.error} onRetry={providers.refetch} />}
      {providers.isPending && (
        <Stack gap="md">
          <Skeleton h={132} radius="lg" />
          <Skeleton h={132} radius="lg" />
        </Stack>
      )}
      {providers.data && all.length === 0 && (
        <EmptyState
          icon={<IconLock size={22} stroke={1.75} />}
          title={t("empty.title")}
          text={t("empty.text")}
          action={add}
        />
      )}
      {all.length > 0 && (
        <Stack gap="md">
          <Outlook providers={all} />
          {all.map((provider) => (
            <ProviderCard key={provider.id} provider={provider} onEdit={() => edit(provider)} />
          ))}
        </Stack>
      )}
      {providers.data && <Collections />}
      {editing && (
        <EditProvider provider={editing === "new" ? null : editing} onClose={() => edit(null)} />
      )}
    </Page>
  );
}

function Trouble({ problem, onRetry }: { problem: Error; onRetry: () => unknown }) {
  const { t } = useTranslation("providers");
  const status = "status" in problem ? problem.status : 0;
  if (status === 404) return <Note>{t("limits.old")}</Note>;
  if (status === 403) return <Note>{t("limits.notYours")}</Note>;
  return <ProblemNote problem={problem} onRetry={() => void onRetry()} />;
}
