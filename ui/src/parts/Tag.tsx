import type { ReactNode } from "react";
import classes from "./Tag.module.css";

export type Tone = "ok" | "warn" | "danger" | "plain";

/** A judgement in a word. The word says it all; the colour only helps to find it. */
export function Tag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}
