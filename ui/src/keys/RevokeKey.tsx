import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBan, IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useRevokeKey } from "../api/keys";
import type { ApiKey } from "../api/types";
import { Confirm } from "../parts/Confirm";
import { toast } from "../parts/toast";

export function RevokeKey({ apiKey: { id, name } }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const revoke = useRevokeKey();
  const [asking, ask] = useDisclosure(false);
  return (
    <>
      <Menu width={160}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("list.actions", { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            color="var(--mantine-color-error)"
            leftSection={<IconBan size={16} stroke={1.75} />}
            onClick={ask.open}
          >
            {t("revoke.item")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <Confirm
          title={t("revoke.title", { name })}
          action={t("revoke.action")}
          busy={revoke.isPending}
          problem={revoke.error}
          onClose={ask.close}
          onConfirm={() =>
            revoke.mutate(id, {
              onSuccess: () => {
                ask.close();
                toast(t("revoke.done", { name }));
              },
            })
          }
        >
          {t("revoke.text")}
        </Confirm>
      )}
    </>
  );
}
