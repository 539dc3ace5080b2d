import { ActionIcon, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Provider, useProviderActions } from "../../api/providers";
import { Confirm } from "../../parts/Confirm";
import { toast } from "../../parts/toast";

export function RemoveProvider({ provider: { id, name } }: { provider: Provider }) {
  const { t } = useTranslation("providers");
  const { remove } = useProviderActions();
  const [asking, ask] = useDisclosure(false);
  const label = t("remove.label", { name });
  return (
    <>
      <Tooltip label={t("remove.action")}>
        <ActionIcon variant="subtle" color="gray" size={30} onClick={ask.open} aria-label={label}>
          <IconTrash size={17} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      {asking && (
        <Confirm
          title={t("remove.title", { name })}
          action={t("remove.action")}
          busy={remove.isPending}
          problem={remove.error}
          onClose={ask.close}
          onConfirm={() =>
            remove.mutate(id, {
              onSuccess: () => {
                ask.close();
                toast(t("remove.done", { name }));
              },
            })
          }
        >
          {t("remove.text")}
        </Confirm>
      )}
    </>
  );
}
