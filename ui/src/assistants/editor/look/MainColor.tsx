import { ColorInput, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { number } from "../../../parts/format";
import { useDraftForm } from "../desk";
import { contrast, isColor, textOn } from "./contrast";

const swatches = [
  "#0f766e",
  "#1d4ed8",
  "#6d28d9",
  "#be185d",
  "#b91c1c",
  "#b45309",
  "#15803d",
  "#334155",
];

const AA_TEXT = 4.5; // WCAG 2.2, 1.4.3
const AA_SHAPE = 3; // WCAG 2.2, 1.4.11

export function MainColor() {
  const { t } = useTranslation("editor");
  const form = useDraftForm();
  const color = form.values.widget.primary_color;
  return (
    <div>
      <ColorInput
        label={t("look.color")}
        format="hex"
        swatches={swatches}
        swatchesPerRow={8}
        eyeDropperButtonProps={{ "aria-label": t("look.pick") }}
        inputWrapperOrder={["label", "input", "error"]}
        {...form.getInputProps("widget.primary_color")}
      />
      {isColor(color) && <Contrast color={color} theme={form.values.widget.theme} />}
    </div>
  );
}

function Contrast({ color, theme }: { color: string; theme: "auto" | "light" | "dark" }) {
  const { t } = useTranslation("editor");
  const againstWindow = contrast(color, theme === "dark" ? "#161a20" : "#ffffff");
  const onColor = contrast(color, textOn(color));
  const verdict = onColor < AA_TEXT ? "fair" : againstWindow < AA_SHAPE ? "faint" : "good";
  const ratio = number(verdict === "faint" ? againstWindow : onColor, 1);
  const Icon = verdict === "good" ? IconCircleCheck : IconAlertTriangle;
  return (
    <Group gap={6} mt={6} wrap="nowrap" align="flex-start" aria-live="polite">
      <Icon
        size={16}
        stroke={1.75}
        color={verdict === "good" ? "var(--ok-ink)" : "var(--warn-ink)"}
        aria-hidden
      />
      <Text size="xs" c="dimmed">
        {t(`look.contrast.${verdict}`, { ratio })}
      </Text>
    </Group>
  );
}
