import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import i18next from "i18next";
import { asProblem } from "../api/problem";

/** Says that something happened; with `undo`, offers to take it back for a while. */
export function toast(message: string, undo?: () => void): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" gap="md" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {i18next.t("undo")}
          </Button>
        )}
      </Group>
    ),
    autoClose: undo ? 8_000 : 4_000,
    closeButtonProps: { "aria-label": i18next.t("close") },
  });
}

/** For an action whose place on the screen is already gone. */
export function toastProblem(thrown: unknown): void {
  const { message, facts } = asProblem(thrown);
  notifications.show({
    color: "red",
    title: i18next.t("problem.title"),
    message: facts.requestId
      ? `${message} (${i18next.t("requestId", { id: facts.requestId })})`
      : message,
    autoClose: 10_000,
    role: "alert",
    closeButtonProps: { "aria-label": i18next.t("close") },
  });
}
