import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconWorld, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./OriginList.module.css";
import { readOrigin } from "./origin";

interface Props {
  value: string[];
  onChange: (origins: string[]) => void;
  error?: React.ReactNode; // what the server said about the list
  empty: string;
}

/** A list of sites; a slip is caught before it gets onto the list. */
export function OriginList({ value, onChange, error, empty }: Props) {
  const { t } = useTranslation("editor");
  const [typed, setTyped] = useState("");
  const [trouble, setTrouble] = useState("");

  const add = () => {
    const verdict = readOrigin(typed);
    if ("trouble" in verdict) {
      setTrouble(t(`invalid.${verdict.trouble}`));
    } else if (value.includes(verdict.origin)) {
      setTrouble(t("invalid.originKnown"));
    } else {
      onChange([...value, verdict.origin]);
      setTyped("");
      setTrouble("");
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the form around it is not finished yet
    add();
  };

  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <TextInput
          className={classes.field}
          aria-label={t("access.add")}
          placeholder={t("access.placeholder")}
          inputMode="url"
          autoCapitalize="off"
          spellCheck={false}
          value={typed}
          error={trouble || error}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setTrouble("");
          }}
          onKeyDown={onKeyDown}
        />
        <Button variant="default" onClick={add} disabled={typed.trim() === ""}>
          {t("access.submit")}
        </Button>
      </Group>
      {value.length === 0 ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        <ul className={classes.list} aria-label={t("access.list")}>
          {value.map((origin) => (
            <li key={origin} className={classes.row}>
              <IconWorld size={16} stroke={1.75} aria-hidden />
              <span className={classes.origin}>{origin}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("access.remove", { origin })}
                onClick={() => onChange(value.filter((other) => other !== origin))}
              >
                <IconX size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
