import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EmbedderChange } from "../../api/embedder";
import classes from "./EmbedderPanel.module.css";

const steps = ["building", "comparing", "ready"] as const;

/** Build, compare, switch: what is done, what is going on, and what comes. */
export function Steps({ at }: { at: EmbedderChange["state"] }) {
  const { t } = useTranslation("models");
  const now = (steps as readonly string[]).indexOf(at);
  return (
    <ol className={classes.steps}>
      {steps.map((step, number) => {
        const stage = number < now ? "done" : number === now ? "now" : "later";
        return (
          <li
            key={step}
            className={classes.step}
            data-stage={stage}
            aria-current={stage === "now" ? "step" : undefined}
          >
            <span className={classes.number} aria-hidden>
              {stage === "done" ? <IconCheck size={13} stroke={2.5} /> : number + 1}
            </span>
            {t(`embedder.steps.${step}`)}
          </li>
        );
      })}
    </ol>
  );
}
