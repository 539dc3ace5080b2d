import { ActionIcon, Input } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconCloudUp, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useChoices } from "../../../api/models";
import classes from "./Model.module.css";
import { ModelSelect } from "./ModelSelect";

const MOST = 5; // the server takes no more

interface Props {
  value: string[];
  taken: string[];
  onChange: (names: string[]) => void;
  error?: ReactNode;
}

/** The models that are tried, in order, when the one before is busy or does not answer. */
export function Fallbacks({ value, taken, onChange, error }: Props) {
  const { t } = useTranslation("editor");
  const choices = useChoices().data ?? [];
  const known = (name: string) => choices.find((choice) => choice.name === name);
  return (
    <Input.Wrapper
      label={t("model.fallback.label")}
      description={t("model.fallback.hint")}
      descriptionProps={{ mb: 6 }}
      labelElement="div"
      error={error}
    >
      {value.length > 0 && (
        <ol className={classes.list} aria-label={t("model.fallback.label")}>
          {value.map((name, at) => {
            const title = known(name)?.title ?? name;
            return (
              <li key={name} className={classes.row}>
                <span className={classes.number}>{at + 1}</span>
                <span className={classes.name}>{title}</span>
                {known(name)?.leaves_the_box && (
                  <span className={classes.mark}>
                    <IconCloudUp size={15} stroke={1.75} aria-label={t("model.leaves")} />
                  </span>
                )}
                <ActionIcon
                  variant="transparent"
                  color="gray"
                  disabled={at === 0}
                  onClick={() => onChange(moved(value, at, -1))}
                  aria-label={t("model.fallback.up", { name: title })}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="transparent"
                  color="gray"
                  disabled={at === value.length - 1}
                  onClick={() => onChange(moved(value, at, 1))}
                  aria-label={t("model.fallback.down", { name: title })}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="transparent"
                  color="gray"
                  onClick={() => onChange(value.filter((other) => other !== name))}
                  aria-label={t("model.fallback.remove", { name: title })}
                >
                  <IconX size={16} />
                </ActionIcon>
              </li>
            );
          })}
        </ol>
      )}
      {value.length < MOST && (
        <ModelSelect
          // Begins anew after each choice.
          key={value.join()}
          ariaLabel={t("model.fallback.add")}
          placeholder={t("model.fallback.add")}
          value={null}
          without={taken}
          onChange={(name) => name && onChange([...value, name])}
        />
      )}
    </Input.Wrapper>
  );
}

/** The list with the entry at `at` one place further in the direction of `by`. */
export function moved(names: string[], at: number, by: 1 | -1): string[] {
  const next = [...names];
  const [name] = next.splice(at, 1);
  if (name !== undefined) next.splice(at + by, 0, name);
  return next;
}
