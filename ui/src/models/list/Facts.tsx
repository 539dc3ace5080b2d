import { useTranslation } from "react-i18next";
import type { LocalModel } from "../../api/models";
import { fileSize, megabytes, number } from "../../parts/format";
import classes from "./ModelCard.module.css";

/** What a model is, as a list of names and values; only what is known. */
export function Facts({ model }: { model: LocalModel }) {
  const { t } = useTranslation("models");
  const facts = [
    [t("facts.parameters"), model.parameters],
    [t("facts.quantisation"), model.quantisation],
    [t("facts.size"), model.size ? fileSize(model.size) : ""],
    [t("facts.memory"), model.memory_mb ? megabytes(model.memory_mb) : ""],
    [
      t("facts.context"),
      model.context_tokens ? t("facts.tokens", { value: number(model.context_tokens) }) : "",
    ],
    [t("facts.family"), model.family],
    [t("facts.licence"), model.licence],
    [t("facts.source"), model.source],
  ].filter(([, value]) => value);
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
