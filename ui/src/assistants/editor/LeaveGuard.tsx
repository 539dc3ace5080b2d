import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";
import { useDesk } from "./desk";

interface Props {
  base: string; // addresses below it are the same editor
  dirty: boolean;
  onDiscard: () => void;
}

/** Keeps people from losing changes by walking away. */
export function LeaveGuard({ base, dirty, onDiscard }: Props) {
  const { t } = useTranslation("editor");
  const general = useTranslation().t;
  const { save, saving } = useDesk();
  const blocker = useBlocker(
    ({ nextLocation }) => dirty && !nextLocation.pathname.startsWith(`${base}/`),
  );
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);

  const leave = () => blocker.state === "blocked" && blocker.proceed();
  const stay = () => blocker.state === "blocked" && blocker.reset();
  return (
    <Modal
      opened={blocker.state === "blocked"}
      onClose={stay}
      title={t("leave.title")}
      closeButtonProps={{ "aria-label": general("close") }}
    >
      <Stack gap="lg">
        <Text size="sm">{t("leave.text")}</Text>
        <Group justify="flex-end" gap="xs">
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              onDiscard();
              leave();
            }}
          >
            {t("leave.discard")}
          </Button>
          <Button variant="default" onClick={stay}>
            {t("leave.stay")}
          </Button>
          <Button
            loading={saving}
            onClick={async () => ((await save()) ? leave() : stay())}
            data-autofocus
          >
            {t("leave.save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
