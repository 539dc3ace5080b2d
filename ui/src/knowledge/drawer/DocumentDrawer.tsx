import { Button, Drawer, Group, Skeleton, Stack, Tabs } from "@mantine/core";
import { IconDownload, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { isMoving, originalAddress, useDocument, useDocumentActions } from "../../api/knowledge";
import type { Document } from "../../api/types";
import { ProblemNote } from "../../parts/ProblemNote";
import { toastProblem } from "../../parts/toast";
import { Status } from "../documents/Status";
import { Passages } from "./Passages";
import { Report } from "./Report";

interface Props {
  id: string | null;
  onClose: () => void;
}

/** Everything about one document. */
export function DocumentDrawer({ id, onClose }: Props) {
  const general = useTranslation().t;
  const document = useDocument(id);
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      size={560}
      title={document.data?.name ?? ""}
      closeButtonProps={{ "aria-label": general("close") }}
    >
      {document.error && <ProblemNote problem={document.error} />}
      {document.isPending && <Skeleton h={240} />}
      {document.data && <Inside document={document.data} />}
    </Drawer>
  );
}

function Inside({ document }: { document: Document }) {
  const { t } = useTranslation("knowledge");
  const { readAgain } = useDocumentActions();
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Status document={document} />
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} stroke={1.75} />}
            disabled={isMoving(document)}
            loading={readAgain.isPending}
            onClick={() => readAgain.mutate(document.source_id, { onError: toastProblem })}
          >
            {t("action.again")}
          </Button>
          <Button
            component="a"
            href={originalAddress(document)}
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} stroke={1.75} />}
          >
            {t("action.download")}
          </Button>
        </Group>
      </Group>
      <Tabs defaultValue="report" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="report">{t("drawer.report")}</Tabs.Tab>
          <Tabs.Tab value="passages">{t("drawer.passages")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="report">
          <Report document={document} />
        </Tabs.Panel>
        <Tabs.Panel value="passages">
          <Passages document={document} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
