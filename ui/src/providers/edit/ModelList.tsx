import { Button, Group, Input, Stack, Text } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type ProviderKind, type ProviderModel, useProviderActions } from "../../api/providers";
import { ProblemNote } from "../../parts/ProblemNote";
import { AddModelName } from "./AddModelName";
import classes from "./ModelList.module.css";
import { ModelRow } from "./ModelRow";

interface Props {
  kind: ProviderKind;
  value: ProviderModel[];
  onChange: (models: ProviderModel[]) => void;
  providerId: string | null; // null: not saved yet, so nobody to ask
  error?: React.ReactNode;
}

export function newModel(name: string): ProviderModel {
  const role = /embed/i.test(name) ? "embedding" : "language";
  return { name, role, input_usd_per_million: null, output_usd_per_million: null };
}

/** The provider's models that assistants may use, with what they cost. */
export function ModelList({ kind, value, onChange, providerId, error }: Props) {
  const { t } = useTranslation("providers");
  const { test } = useProviderActions();
  const known = test.data?.models ?? [];
  const open = known.filter((name) => !value.some((model) => model.name === name));
  const add = (name: string) => {
    if (!value.some((model) => model.name === name)) onChange([...value, newModel(name)]);
  };
  return (
    <Input.Wrapper
      label={t("list.label")}
      description={t(kind === "azure" ? "list.hintAzure" : "list.hint")}
      error={error}
      labelElement="div"
    >
      <Stack gap="sm" mt={6}>
        {value.length > 0 && (
          <ul className={classes.list} aria-label={t("list.label")}>
            {value.map((model) => (
              <ModelRow
                key={model.name}
                model={model}
                onChange={(next) =>
                  onChange(value.map((one) => (one.name === model.name ? next : one)))
                }
                onRemove={() => onChange(value.filter((one) => one.name !== model.name))}
              />
            ))}
          </ul>
        )}
        <AddModelName suggestions={open} onAdd={add} />
        {providerId && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconListSearch size={15} stroke={1.75} aria-hidden />}
              loading={test.isPending}
              onClick={() => test.mutate(providerId)}
            >
              {t("list.ask")}
            </Button>
            <Text size="xs" c="dimmed" role="status">
              {test.data &&
                (test.data.ok
                  ? t("list.found", { count: known.length })
                  : test.data.error?.message)}
            </Text>
          </Group>
        )}
        {test.error && <ProblemNote problem={test.error} />}
      </Stack>
    </Input.Wrapper>
  );
}
