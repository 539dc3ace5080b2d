import { Button, NumberInput, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRetrieve } from "../../api/assistants";
import type { Assistant } from "../../api/types";
import { ProblemNote } from "../../parts/ProblemNote";
import { Results } from "./Results";
import classes from "./RetrievalTest.module.css";

/** Tries what a question finds, without any model writing. */
export function RetrievalTest({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("knowledge");
  const retrieve = useRetrieve(assistant.id);
  const [query, setQuery] = useState("");
  const [k, setK] = useState<string | number>(assistant.knowledge.k);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (query.trim()) retrieve.mutate({ query: query.trim(), k: Number(k) || 6 });
  };
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t("test.text")}
      </Text>
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          className={classes.query}
          label={t("test.query")}
          placeholder={t("test.placeholder")}
          maxLength={8000}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <NumberInput
          className={classes.k}
          label={t("test.k")}
          min={1}
          max={50}
          clampBehavior="strict"
          allowDecimal={false}
          value={k}
          onChange={setK}
        />
        <Button
          type="submit"
          loading={retrieve.isPending}
          disabled={query.trim() === ""}
          leftSection={<IconSearch size={16} />}
        >
          {t("test.submit")}
        </Button>
      </form>
      {retrieve.error && <ProblemNote problem={retrieve.error} />}
      {retrieve.isPending && <Skeleton h={180} radius="lg" />}
      {retrieve.data && !retrieve.isPending && <Results found={retrieve.data} />}
    </Stack>
  );
}
