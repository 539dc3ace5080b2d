import { Button, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCpu, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useMachine, useModels } from "../api/models";
import { EmptyState } from "../parts/EmptyState";
import { Note } from "../parts/Note";
import { Page } from "../parts/Page";
import { ProblemNote } from "../parts/ProblemNote";
import { AddModel } from "./add/AddModel";
import { Bring } from "./add/Bring";
import { ImportProgress } from "./add/ImportProgress";
import classes from "./ModelsPage.module.css";
import { MachinePanel } from "./machine/MachinePanel";
import { RoleSection } from "./RoleSection";
import { isShown, isView, roles, type View, views } from "./views";

export function Component() {
  const { t } = useTranslation("models");
  const models = useModels();
  const machine = useMachine();
  const [adding, add] = useDisclosure(false);
  const [importing, setImporting] = useState<string | null>(null);
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("show");
  const view: View = isView(wanted) ? wanted : "installed";
  const all = models.data ?? [];
  const shown = all.filter((model) => isShown(model, view));
  const mayChange = machine.data !== undefined;
  return (
    <Page
      title={t("title")}
      description={t("description")}
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={17} />} onClick={add.open}>
            {t("add.open")}
          </Button>
        )
      }
    >
      {models.error && <ProblemNote problem={models.error} onRetry={() => void models.refetch()} />}
      {machine.data && <MachinePanel machine={machine.data} models={all} />}
      {machine.error && <Limits status={machine.error.status} />}
      {importing && <ImportProgress jobId={importing} onOver={() => setImporting(null)} />}
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
      {all.length > 0 && (
        <SegmentedControl
          mb="lg"
          classNames={{ root: classes.views, label: classes.view }}
          aria-label={t("view.label")}
          value={view}
          onChange={(value) => setSearch(value === "installed" ? {} : { show: value })}
          data={views.map((value) => ({
            value,
            label: t(`view.${value}`, {
              count: all.filter((model) => isShown(model, value)).length,
            }),
          }))}
        />
      )}
      {machine.data && view === "available" && (
        <Bring allowed={machine.data.downloads_allowed} onAdd={add.open} />
      )}
      {all.length > 0 && shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(`view.none.${view}`)}
        </Text>
      )}
      {roles.map((role) => (
        <RoleSection
          key={role}
          role={role}
          models={shown.filter((model) => model.role === role)}
          all={all}
          machine={machine.data ?? null}
        />
      ))}
      {adding && (
        <AddModel
          onClose={add.close}
          onStarted={(jobId) => {
            add.close();
            setImporting(jobId);
          }}
        />
      )}
    </Page>
  );
}

/** Why the models can be seen here but not changed. */
function Limits({ status }: { status: number }) {
  const { t } = useTranslation("models");
  if (status === 0 || status >= 500) return null; // the list says so already
  return (
    <Stack mb="lg">
      <Note>{t(status === 404 ? "limits.old" : "limits.notYours")}</Note>
    </Stack>
  );
}
