import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconBook2, IconDots, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useArchiving } from "../../api/assistants";
import type { Assistant } from "../../api/types";
import { Confirm } from "../../parts/Confirm";
import { toast, toastProblem } from "../../parts/toast";
import classes from "./AssistantCard.module.css";

export function CardMenu({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("assistants");
  const { id, name } = assistant;
  const { archive, restore, purge } = useArchiving();
  const [purging, ask] = useDisclosure(false);

  const bringBack = () =>
    restore
      .mutateAsync(id)
      .then(() => toast(t("toast.restored", { name })))
      .catch(toastProblem);
  const putAway = () =>
    archive
      .mutateAsync(id)
      .then(() => toast(t("toast.archived", { name }), () => void bringBack()))
      .catch(toastProblem);
  const destroy = () =>
    purge.mutate(id, {
      onSuccess: () => {
        ask.close();
        toast(t("toast.purged", { name }));
      },
    });

  return (
    <div className={classes.menu}>
      <Menu width={190}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("card.menu", { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {assistant.archived_at === null ? (
            <>
              <Menu.Item
                component={Link}
                to={`/knowledge?assistant=${id}`}
                leftSection={<IconBook2 size={16} stroke={1.75} />}
              >
                {t("card.knowledge")}
              </Menu.Item>
              <Menu.Item leftSection={<IconArchive size={16} stroke={1.75} />} onClick={putAway}>
                {t("card.archive")}
              </Menu.Item>
            </>
          ) : (
            <>
              <Menu.Item
                leftSection={<IconArchiveOff size={16} stroke={1.75} />}
                onClick={bringBack}
              >
                {t("card.restore")}
              </Menu.Item>
              <Menu.Item
                color="var(--mantine-color-error)"
                leftSection={<IconTrash size={16} stroke={1.75} />}
                onClick={ask.open}
              >
                {t("card.purge")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {purging && (
        <Confirm
          title={t("purge.title", { name })}
          action={t("purge.action")}
          typed={name}
          typedLabel={t("purge.typed", { name })}
          busy={purge.isPending}
          problem={purge.error}
          onConfirm={destroy}
          onClose={ask.close}
        >
          {t("purge.text")}
        </Confirm>
      )}
    </div>
  );
}
