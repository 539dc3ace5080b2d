import { Button, Group } from "@mantine/core";
import { IconMoodConfuzed, IconRefresh } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";

/** A screen that came with an older version is gone from the server after an update. */
function isStale(error: unknown): boolean {
  return error instanceof TypeError && /import|module/i.test(error.message);
}

export function Crash() {
  const { t } = useTranslation();
  const error = useRouteError();
  useEffect(() => console.error(error), [error]);
  const stale = isStale(error);
  const title = t(stale ? "problem.updateTitle" : "problem.crashTitle");
  return (
    <Page title={title}>
      <EmptyState
        icon={stale ? <IconRefresh size={22} /> : <IconMoodConfuzed size={22} />}
        title={title}
        text={t(stale ? "problem.updateText" : "problem.crashText")}
        action={
          <Group justify="center">
            <Button onClick={() => window.location.reload()}>{t("problem.reload")}</Button>
          </Group>
        }
      />
    </Page>
  );
}
