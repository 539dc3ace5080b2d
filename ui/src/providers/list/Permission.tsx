import { List, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { Provider, useProviderActions } from "../../api/providers";
import { Confirm } from "../../parts/Confirm";
import { toast } from "../../parts/toast";
import { hostOf } from "../kinds";

interface Props {
  provider: Provider;
  permit: ReturnType<typeof useProviderActions>["permit"];
}

/** Lets the project use a provider. Before texts may leave the building, somebody has to agree. */
export function Permission({ provider, permit }: Props) {
  const { t } = useTranslation("providers");
  const [asking, ask] = useDisclosure(false);
  const { id, name, allowed } = provider;
  return (
    <>
      <Switch
        label={t("switch.allowed")}
        description={t("switch.allowedHint")}
        checked={allowed}
        disabled={permit.isPending}
        onChange={(event) => {
          if (event.currentTarget.checked) ask.open();
          else permit.mutate({ id, allowed: false });
        }}
        aria-label={`${t("switch.allowed")}: ${name}`}
      />
      {asking && (
        <Confirm
          title={t("permit.title")}
          action={t("permit.action")}
          busy={permit.isPending}
          problem={permit.error}
          onClose={ask.close}
          onConfirm={() =>
            permit.mutate(
              { id, allowed: true },
              {
                onSuccess: () => {
                  ask.close();
                  toast(t("permit.done", { name }));
                },
              },
            )
          }
        >
          <Text size="sm" fw={600} mb="xs">
            {t("permit.text", { host: hostOf(provider), name })}
          </Text>
          <List size="sm" spacing={4} mb="sm">
            {(["question", "passages", "history"] as const).map((what) => (
              <List.Item key={what}>{t(`permit.${what}`)}</List.Item>
            ))}
          </List>
          {t("permit.kept")}
        </Confirm>
      )}
    </>
  );
}
