import { Button, Skeleton, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../api/keys";
import type { NewApiKey } from "../api/types";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";
import { ProblemNote } from "../parts/ProblemNote";
import { CreateKey } from "./CreateKey";
import { KeyTable } from "./KeyTable";
import { MadeKey } from "./MadeKey";

export function Component() {
  const { t } = useTranslation("keys");
  const keys = useKeys();
  const [creating, create] = useDisclosure(false);
  const [made, setMade] = useState<NewApiKey | null>(null);
  const [showingRevoked, revoked] = useDisclosure(false);
  const all = keys.data ?? [];
  const live = all.filter((key) => key.revoked_at === null);
  const gone = all.length - live.length;
  const newButton = (
    <Button leftSection={<IconPlus size={17} />} onClick={create.open}>
      {t("new")}
    </Button>
  );
  return (
    <Page title={t("title")} description={t("description")} actions={newButton}>
      {keys.error && <ProblemNote problem={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && (
        <Stack gap="xs">
          <Skeleton h={52} />
          <Skeleton h={52} />
        </Stack>
      )}
      {keys.data && live.length === 0 && (
        <EmptyState
          icon={<IconKey size={22} stroke={1.75} />}
          title={t("empty.title")}
          text={t("empty.text")}
          action={newButton}
        />
      )}
      <Stack gap="md" align="flex-start">
        {(live.length > 0 || (showingRevoked && gone > 0)) && (
          <KeyTable keys={showingRevoked ? all : live} />
        )}
        {gone > 0 && (
          <Button variant="subtle" color="gray" size="xs" onClick={revoked.toggle}>
            {showingRevoked ? t("list.hideRevoked") : t("list.showRevoked", { count: gone })}
          </Button>
        )}
      </Stack>
      {creating && (
        <CreateKey
          onClose={create.close}
          onMade={(key) => {
            create.close();
            setMade(key);
          }}
        />
      )}
      {made && <MadeKey made={made} onClose={() => setMade(null)} />}
    </Page>
  );
}
