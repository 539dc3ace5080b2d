import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "./clipboard";

interface Props {
  value: string;
  label?: string; // what is copied; shown as text unless `icon`
  icon?: boolean;
}

export function CopyButton({ value, label, icon = false }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => setCopied(await copyText(value));
  const Icon = copied ? IconCheck : IconCopy;
  const words = copied ? t("copied") : (label ?? t("copy"));
  if (!icon) {
    return (
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon size={15} stroke={1.75} aria-hidden />}
        onClick={copy}
        aria-live="polite"
      >
        {words}
      </Button>
    );
  }
  return (
    <Tooltip label={words}>
      <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={words}>
        <Icon size={16} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
