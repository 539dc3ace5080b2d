import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconDots,
  IconDownload,
  IconFileDescription,
  IconRefresh,
  IconReplace,
  IconTrash,
} from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { isMoving, originalAddress, useDocumentActions } from "../../api/knowledge";
import type { Document } from "../../api/types";
import { toast, toastProblem } from "../../parts/toast";
import { useUploads } from "../uploads/UploadsProvider";
import { DeleteDocument } from "./DeleteDocument";

interface Props {
  document: Document;
  assistantId: string;
  onOpen: () => void;
}

export function RowMenu({ document, assistantId, onOpen }: Props) {
  const { t } = useTranslation("knowledge");
  const { name, source_id } = document;
  const { readAgain } = useDocumentActions();
  const { add } = useUploads();
  const [removing, remove] = useDisclosure(false);
  const file = useRef<HTMLInputElement>(null);

  const again = () =>
    readAgain.mutate(source_id, {
      onSuccess: () => toast(t("action.readingAgain", { name })),
      onError: toastProblem,
    });
  return (
    <>
      <Menu width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("list.actions", { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFileDescription size={16} stroke={1.75} />} onClick={onOpen}>
            {t("action.open")}
          </Menu.Item>
          <Menu.Item
            component="a"
            href={originalAddress(document)}
            leftSection={<IconDownload size={16} stroke={1.75} />}
          >
            {t("action.download")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconReplace size={16} stroke={1.75} />}
            onClick={() => file.current?.click()}
          >
            {t("action.replace")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRefresh size={16} stroke={1.75} />}
            disabled={isMoving(document)}
            onClick={again}
          >
            {t("action.again")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} stroke={1.75} />}
            onClick={remove.open}
          >
            {t("action.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={file}
        type="file"
        hidden
        onChange={(event) => {
          add(assistantId, [...(event.currentTarget.files ?? [])], document.id);
          event.currentTarget.value = "";
        }}
      />
      {removing && <DeleteDocument document={document} onClose={remove.close} />}
    </>
  );
}
