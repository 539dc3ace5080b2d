import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Comparison } from "../../api/embedder";
import { percent } from "../../parts/format";
import { Tag } from "../../parts/Tag";
import classes from "./EmbedderPanel.module.css";

interface Props {
  comparison: Comparison;
  before: string;
  after: string;
}

/** How both models did on the collections' test questions. */
export function ComparisonTable({ comparison, before, after }: Props) {
  const { t } = useTranslation("models");
  const rows = [
    ["first", comparison.recall_at_1_before, comparison.recall_at_1_after],
    ["five", comparison.recall_at_5_before, comparison.recall_at_5_after],
  ] as const;
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption>
          <Text size="sm" c="dimmed" ta="start" component="span">
            {t(comparison.generated ? "embedder.generated" : "embedder.compared", {
              count: comparison.questions,
            })}
          </Text>
        </caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{before}</th>
            <th scope="col">{after}</th>
            <th scope="col">{t("embedder.difference")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, was, is]) => (
            <tr key={name}>
              <th scope="row">{t(`embedder.recall.${name}`)}</th>
              <td>{percent(was)}</td>
              <td>{percent(is)}</td>
              <td>
                <Difference by={is - was} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Difference({ by }: { by: number }) {
  const { t } = useTranslation("models");
  const points = Math.round(by * 100);
  if (points === 0) return <Tag>{t("embedder.same")}</Tag>;
  const sign = points > 0 ? "+" : "−";
  return (
    <Tag tone={points > 0 ? "ok" : "warn"}>
      {t(points > 0 ? "embedder.better" : "embedder.worse", {
        points: `${sign}${Math.abs(points)}`,
      })}
    </Tag>
  );
}
