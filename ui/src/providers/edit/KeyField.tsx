import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Provider } from "../../api/providers";
import { fieldsOf } from "../kinds";
import { keepsKey, type ProviderForm } from "./form";

interface Props {
  form: UseFormReturnType<ProviderForm>;
  provider: Provider | null;
}

/** The key can be written and taken away, never read. */
export function KeyField({ form, provider }: Props) {
  const { t } = useTranslation("providers");
  const { kind, forget } = form.values;
  const kept = keepsKey(provider, form.values);
  const moved = provider?.has_key && !forget && !kept;
  const hint = fieldsOf[kind].key === "optional" ? "field.keyOptional" : "field.keyHint";
  return (
    <Stack gap={6}>
      <PasswordInput
        label={t("field.key")}
        description={
          kept
            ? t("field.keyKept", { hint: provider?.key_hint ?? "…" })
            : t(moved ? "field.keyMoved" : hint)
        }
        autoComplete="new-password"
        spellCheck={false}
        visibilityToggleButtonProps={{ "aria-label": t("field.keyShow") }}
        {...form.getInputProps("key")}
      />
      {provider?.has_key && (
        <Group gap="xs">
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => form.setFieldValue("forget", !forget)}
          >
            {t(forget ? "field.keyKeep" : "field.keyForget")}
          </Button>
          {forget && (
            <Text size="xs" c="dimmed">
              {t("field.keyGone")}
            </Text>
          )}
        </Group>
      )}
    </Stack>
  );
}
