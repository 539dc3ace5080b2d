import { PasswordInput, type PasswordInputProps, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { strengthOf } from "./strength";
import { useCapsLock } from "./useCapsLock";

type Props = PasswordInputProps & { value?: string };

const looks = {
  none: { value: 0, color: "gray" },
  short: { value: 25, color: "red.7" },
  fair: { value: 65, color: "yellow.7" },
  good: { value: 100, color: "brand.6" },
} as const;

/** A password that is being chosen, with a word about how strong it is. */
export function NewPassword({ value = "", ...props }: Props) {
  const { t } = useTranslation("door");
  const caps = useCapsLock();
  const strength = strengthOf(value);
  const hint = {
    none: " ",
    short: t("password.short", { left: 8 - [...value].length }),
    fair: t("password.fair"),
    good: t("password.good"),
  }[strength];
  return (
    <div>
      <PasswordInput
        {...props}
        {...caps.listeners}
        value={value}
        autoComplete="new-password"
        description={caps.on ? t("password.caps") : undefined}
        inputWrapperOrder={["label", "input", "error", "description"]}
        visibilityToggleButtonProps={{ "aria-label": t("password.show"), tabIndex: 0 }}
      />
      <Progress
        mt={8}
        size={4}
        value={looks[strength].value}
        color={looks[strength].color}
        aria-label={t("password.meter")}
      />
      <Text size="xs" c="dimmed" mt={4} mih="2.8em" aria-live="polite">
        {hint}
      </Text>
    </div>
  );
}
