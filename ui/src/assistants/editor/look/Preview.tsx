import { useComputedColorScheme } from "@mantine/core";
import { IconArrowUp, IconChevronDown, IconMessageCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Look } from "../../../api/types";
import { isColor, textOn } from "./contrast";
import classes from "./Preview.module.css";

interface Props {
  look: Look;
  name: string;
}

/** A drawing of the chat window on a page, as the settings would make it. */
export function Preview({ look, name }: Props) {
  const { t } = useTranslation("editor");
  const system = useComputedColorScheme("light");
  const color = isColor(look.primary_color) ? look.primary_color : "#0f766e";
  const colors = { "--color": color, "--on-color": textOn(color) } as React.CSSProperties;
  return (
    <figure
      className={classes.page}
      data-position={look.position}
      data-theme={look.theme === "auto" ? system : look.theme}
      style={colors}
      aria-label={t("look.preview")}
    >
      <div className={classes.lines} aria-hidden>
        <span />
        <span />
        <span />
        <span />
      </div>
      <div className={classes.window}>
        <div className={classes.head}>
          <span className={classes.avatar}>
            <IconMessageCircle size={16} stroke={1.9} aria-hidden />
          </span>
          <span className={classes.who}>
            <strong>{look.title || name}</strong>
            <span>{t("look.previewSubtitle")}</span>
          </span>
        </div>
        <div className={classes.talk}>
          <p className={classes.theirs}>{look.welcome_message || t("look.welcomePlaceholder")}</p>
          <p className={classes.mine}>{t("look.previewQuestion")}</p>
          <p className={classes.theirs}>
            {t("look.previewAnswer")} <span className={classes.mark}>1</span>
          </p>
        </div>
        <div className={classes.field}>
          <span>{look.placeholder || t("look.inputPlaceholder")}</span>
          <span className={classes.send}>
            <IconArrowUp size={14} stroke={2.2} aria-hidden />
          </span>
        </div>
      </div>
      {look.position !== "inline" && (
        <div className={classes.launcher} aria-hidden>
          <IconChevronDown size={22} stroke={1.9} />
        </div>
      )}
    </figure>
  );
}
