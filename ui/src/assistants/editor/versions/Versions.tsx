import { Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useRestoreVersion, useVersions } from "../../../api/assistants";
import { ProblemNote } from "../../../parts/ProblemNote";
import { Section } from "../../../parts/Section";
import { toast, toastProblem } from "../../../parts/toast";
import { useDesk } from "../desk";
import { VersionRow } from "./VersionRow";
import classes from "./Versions.module.css";

export function Versions() {
  const { t } = useTranslation("editor");
  const { assistant, dirty, adopt } = useDesk();
  const versions = useVersions(assistant.id);
  const restore = useRestoreVersion(assistant.id);
  const sorted = [...(versions.data ?? [])].sort((one, other) => other.number - one.number);

  const bringBack = (number: number) =>
    restore
      .mutateAsync(number)
      .then((restored) => {
        adopt(restored);
        toast(t("versions.restored", { number }));
      })
      .catch(toastProblem);

  return (
    <Section title={t("versions.title")} description={t("versions.text")}>
      {dirty && (
        <Text size="sm" c="var(--warn-ink)">
          {t("versions.dirty")}
        </Text>
      )}
      {versions.error && <ProblemNote problem={versions.error} />}
      {versions.isPending && (
        <Stack gap="sm">
          <Skeleton h={56} />
          <Skeleton h={56} />
        </Stack>
      )}
      <ol className={classes.list}>
        {sorted.map((version, index) => (
          <VersionRow
            key={version.number}
            version={version}
            before={sorted[index + 1]}
            current={version.number === assistant.version}
            busy={restore.isPending && restore.variables === version.number}
            disabled={dirty || restore.isPending}
            onRestore={() => void bringBack(version.number)}
          />
        ))}
      </ol>
    </Section>
  );
}
