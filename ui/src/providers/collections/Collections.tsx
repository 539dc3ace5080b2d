import { Skeleton, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Collection, useChangeCollection, useCollections } from "../../api/providers";
import { ProblemNote } from "../../parts/ProblemNote";
import { Section } from "../../parts/Section";
import classes from "./Collections.module.css";

/** Which documents stay here whatever an assistant is set to. */
export function Collections() {
  const { t } = useTranslation("providers");
  const collections = useCollections();
  if (collections.error?.status === 403 || collections.error?.status === 404) return null;
  return (
    <div className={classes.place}>
      <Section title={t("collections.title")} description={t("collections.text")}>
        {collections.error && (
          <ProblemNote problem={collections.error} onRetry={() => void collections.refetch()} />
        )}
        {collections.isPending && <Skeleton h={52} />}
        {collections.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("collections.empty")}
          </Text>
        )}
        {collections.data && collections.data.length > 0 && (
          <ul className={classes.list} aria-label={t("collections.title")}>
            {collections.data.map((collection) => (
              <Row key={collection.id} collection={collection} />
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

function Row({ collection }: { collection: Collection }) {
  const { t } = useTranslation("providers");
  const change = useChangeCollection();
  const { id, name, documents, never_leaves_the_box: stays } = collection;
  const wanted = change.isPending ? change.variables.never_leaves_the_box : null;
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        <Text size="sm" fw={500}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {t("collections.documents", { count: documents })}
        </Text>
        {change.error && <ProblemNote problem={change.error} />}
      </div>
      <Switch
        label={t("collections.stays")}
        labelPosition="left"
        checked={wanted ?? stays}
        disabled={change.isPending}
        onChange={(event) =>
          change.mutate({ id, never_leaves_the_box: event.currentTarget.checked })
        }
        aria-label={`${name}: ${t("collections.stays")}`}
      />
    </li>
  );
}
