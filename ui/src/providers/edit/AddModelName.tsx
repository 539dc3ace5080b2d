import { Autocomplete, Button, Group } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./ModelList.module.css";

interface Props {
  suggestions: string[];
  onAdd: (name: string) => void;
}

export function AddModelName({ suggestions, onAdd }: Props) {
  const { t } = useTranslation("providers");
  const [typed, type] = useState("");
  const add = (name = typed) => {
    if (name.trim() === "") return;
    onAdd(name.trim());
    type("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the form around it is not finished yet
    add();
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <Autocomplete
        className={classes.field}
        aria-label={t("list.name")}
        placeholder={t("list.name")}
        data={suggestions}
        limit={30}
        value={typed}
        onChange={type}
        onOptionSubmit={(name) => {
          add(name);
          // The field takes the option over after this.
          queueMicrotask(() => type(""));
        }}
        onKeyDown={onKeyDown}
        spellCheck={false}
        autoCapitalize="off"
      />
      <Button variant="default" onClick={() => add()} disabled={typed.trim() === ""}>
        {t("list.add")}
      </Button>
    </Group>
  );
}
