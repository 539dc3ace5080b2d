import { ActionIcon, NumberInput, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ProviderModel } from "../../api/providers";
import classes from "./ModelList.module.css";

interface Props {
  model: ProviderModel;
  onChange: (model: ProviderModel) => void;
  onRemove: () => void;
}

export function ModelRow({ model, onChange, onRemove }: Props) {
  const { t } = useTranslation("providers");
  const { name } = model;
  const price = (side: "input_usd_per_million" | "output_usd_per_million") => (
    <NumberInput
      size="xs"
      label={t(`list.${side}`)}
      value={model[side] ?? ""}
      onChange={(value) => onChange({ ...model, [side]: typeof value === "number" ? value : null })}
      min={0}
      decimalScale={4}
      hideControls
      aria-label={`${name}: ${t(`list.${side}`)}`}
    />
  );
  return (
    <li className={classes.row}>
      <span className={classes.name}>{name}</span>
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={onRemove}
        aria-label={t("list.remove", { name })}
      >
        <IconX size={16} />
      </ActionIcon>
      <div className={classes.fields}>
        <Select
          size="xs"
          label={t("list.role")}
          data={(["language", "embedding"] as const).map((value) => ({
            value,
            label: t(`list.roles.${value}`),
          }))}
          value={model.role}
          onChange={(role) => onChange({ ...model, role: role as ProviderModel["role"] })}
          aria-label={`${name}: ${t("list.role")}`}
        />
        {price("input_usd_per_million")}
        {model.role === "language" && price("output_usd_per_million")}
      </div>
    </li>
  );
}
