import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconShieldCheck, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { LocalModel, useModelActions } from "../../api/models";
import { Confirm } from "../../parts/Confirm";
import { fileSize } from "../../parts/format";
import { toast } from "../../parts/toast";

interface Props {
  model: LocalModel;
  actions: ReturnType<typeof useModelActions>;
  busy: boolean;
}

/** What is done to a model now and then: check its file, remove it. */
export function ModelMenu({ model, actions: { work, remove }, busy }: Props) {
  const { t } = useTranslation("models");
  const [asking, ask] = useDisclosure(false);
  const name = model.title || model.name;
  return (
    <>
      <Menu width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={t("act.more", { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconShieldCheck size={16} stroke={1.75} />}
            disabled={busy}
            onClick={() => work.mutate({ name: model.name, what: "verify" })}
          >
            {t("act.verify")}
          </Menu.Item>
          <Menu.Item
            color="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} stroke={1.75} />}
            onClick={ask.open}
          >
            {t("act.remove")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <Confirm
          title={t("remove.title", { name })}
          action={t("remove.action")}
          busy={remove.isPending}
          problem={remove.error}
          onClose={() => {
            remove.reset();
            ask.close();
          }}
          onConfirm={() =>
            remove.mutate(model.name, {
              onSuccess: () => {
                ask.close();
                toast(t("remove.done", { name }));
              },
            })
          }
        >
          {t(model.imported ? "remove.textImported" : "remove.text", {
            size: fileSize(model.size),
          })}
        </Confirm>
      )}
    </>
  );
}
