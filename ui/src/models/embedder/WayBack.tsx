import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EmbedderState, useEmbedderActions } from "../../api/embedder";
import { toast } from "../../parts/toast";
import classes from "./EmbedderPanel.module.css";

interface Props {
  state: EmbedderState;
  before: string;
  now: string;
  actions: ReturnType<typeof useEmbedderActions>;
}

/** After a switch: back to the index of before, or done with it. */
export function WayBack({ state: { change }, before, now, actions: { back, drop } }: Props) {
  const { t } = useTranslation("models");
  const switched = change?.state === "switched" ? change : null;
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" className={classes.words}>
        {t("embedder.before", { from: before, to: now })}
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          loading={back.isPending}
          onClick={() =>
            back.mutate(undefined, {
              onSuccess: () => toast(t("embedder.isBack", { name: before })),
            })
          }
        >
          {t("embedder.back", { name: before })}
        </Button>
        {switched && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            loading={drop.isPending}
            onClick={() =>
              drop.mutate(switched.id, { onSuccess: () => toast(t("embedder.forgotten")) })
            }
          >
            {t("embedder.forget")}
          </Button>
        )}
      </Group>
    </Group>
  );
}
