import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Problem } from "../../api/problem";
import type { Document } from "../../api/types";
import { fileSize, moment, number } from "../../parts/format";
import { Note } from "../../parts/Note";
import { ProblemNote } from "../../parts/ProblemNote";
import classes from "./Report.module.css";

/** What was found in the file, and what was wrong with it. */
export function Report({ document }: { document: Document }) {
  const { t } = useTranslation("knowledge");
  const { report, error } = document;
  const warnings = report?.warnings ?? [];
  return (
    <Stack gap="md">
      {error && (
        <ProblemNote problem={new Problem(error.message, { status: 200, code: error.code })} />
      )}
      {warnings.length > 0 && (
        <Note tone="warn">
          <Text size="sm" fw={600}>
            {t("drawer.warnings")}
          </Text>
          <ul className={classes.warnings}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Note>
      )}
      <Facts document={document} />
      {!report && !error && (
        <Text size="sm" c="dimmed">
          {t("drawer.noReport")}
        </Text>
      )}
    </Stack>
  );
}

function Facts({ document }: { document: Document }) {
  const { t } = useTranslation("knowledge");
  const { report } = document;
  const count = (value: number | null | undefined) => (value == null ? null : number(value));
  const facts = [
    [t("drawer.pages"), count(report?.pages)],
    [t("drawer.pagesWithText"), count(report?.pages_with_text)],
    [t("drawer.tables"), count(report?.tables)],
    [t("drawer.characters"), count(report?.characters)],
    [t("drawer.passageCount"), report ? number(document.passages) : null],
    [t("drawer.size"), fileSize(document.size)],
    [t("drawer.kind"), report?.media_type || document.media_type || null],
    [t("drawer.added"), moment(document.created_at)],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
