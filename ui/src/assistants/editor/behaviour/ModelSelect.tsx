import { type ComboboxItem, Group, Select, Text } from "@mantine/core";
import { IconCloudUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, useChoices, useModels } from "../../../api/models";
import classes from "./Model.module.css";

interface Props {
  label?: string;
  ariaLabel?: string; // where there is no label to be seen
  none?: string; // what it means to choose none
  value: string | null;
  onChange: (name: string | null) => void;
  without?: string[]; // not offered: chosen already
  error?: ReactNode;
  placeholder?: string;
}

/** What an assistant may use. A server that names no choices still has its own models. */
function useOffered(): Choice[] {
  const choices = useChoices();
  const models = useModels().data ?? [];
  if (choices.data) return choices.data;
  return models
    .filter(({ role, installed }) => role === "language" && installed)
    .map(({ name, title }) => ({
      name,
      title: title || name,
      engine: "local",
      leaves_the_box: false,
      available: true,
    }));
}

/** A model of this machine or of a provider; those that texts would be sent to are marked. */
export function ModelSelect({ ariaLabel, none, value, onChange, without = [], ...rest }: Props) {
  const { t } = useTranslation("editor");
  const offered = useOffered().filter(({ name }) => !without.includes(name));
  const outside = new Set(
    offered.filter(({ leaves_the_box }) => leaves_the_box).map(({ name }) => name),
  );
  const items = (away: boolean) =>
    offered
      .filter(({ leaves_the_box }) => leaves_the_box === away)
      .map(({ name, title, available }) => ({
        value: name,
        label: available ? title : t("model.missing", { name: title }),
        disabled: !available && name !== value,
      }));
  const gone = value !== null && !offered.some(({ name }) => name === value);
  const groups = [
    { group: t("model.here"), items: items(false) },
    { group: t("model.away"), items: items(true) },
  ].filter(({ items }) => items.length > 0);
  return (
    <Select
      aria-label={ariaLabel}
      data={[
        ...(none ? [{ value: "", label: none }] : []),
        ...(gone ? [{ value, label: t("model.missing", { name: value }) }] : []),
        ...groups,
      ]}
      value={value ?? (none ? "" : null)}
      onChange={(name) => onChange(name || null)}
      renderOption={({ option }) => <Option option={option} away={outside.has(option.value)} />}
      leftSection={
        value !== null && outside.has(value) ? (
          <IconCloudUp size={17} stroke={1.75} className={classes.away} aria-hidden />
        ) : undefined
      }
      {...rest}
    />
  );
}

function Option({ option, away }: { option: ComboboxItem; away: boolean }) {
  const { t } = useTranslation("editor");
  return (
    <Group gap={8} wrap="nowrap" flex={1}>
      <span className={classes.name}>{option.label}</span>
      {away && (
        <Text component="span" size="xs" className={classes.mark}>
          <IconCloudUp size={14} stroke={1.75} aria-hidden /> {t("model.leaves")}
        </Text>
      )}
    </Group>
  );
}
