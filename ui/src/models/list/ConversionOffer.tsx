import { Button, Group, Text } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Conversion } from "../../api/models";
import { fileSize, number } from "../../parts/format";
import classes from "./ModelCard.module.css";

interface Props {
  conversion: Conversion;
  busy: boolean;
  onConvert: () => void;
}

/** The same model in a form that this machine reads faster. */
export function ConversionOffer({ conversion, busy, onConvert }: Props) {
  const { t } = useTranslation("models");
  const { quantisation, size, prefill_gain: gain } = conversion;
  return (
    <Group className={classes.offer} gap="sm" justify="space-between">
      <Group gap={10} wrap="nowrap" align="flex-start" className={classes.words}>
        <IconBolt size={18} stroke={1.75} className={classes.bolt} aria-hidden />
        <Text size="sm">
          {gain
            ? t("convert.gain", { quantisation, gain: number(gain, 1) })
            : t("convert.faster", { quantisation })}
          {size ? ` ${t("convert.size", { size: fileSize(size) })}` : ""}
        </Text>
      </Group>
      <Button size="xs" variant="default" loading={busy} onClick={onConvert}>
        {t("convert.action", { quantisation })}
      </Button>
    </Group>
  );
}
