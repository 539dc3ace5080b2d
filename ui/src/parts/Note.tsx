import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Note.module.css";

interface Props {
  tone?: "info" | "warn";
  children: ReactNode;
}

/** A remark beside the work at hand. */
export function Note({ tone = "info", children }: Props) {
  const Icon = tone === "warn" ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={classes.note} data-tone={tone}>
      <Icon size={18} stroke={1.75} className={classes.icon} aria-hidden />
      <div className={classes.words}>{children}</div>
    </div>
  );
}
