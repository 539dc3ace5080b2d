import { useTranslation } from "react-i18next";
import classes from "./Logo.module.css";
import mark from "./mark.svg";

export function Logo() {
  const { t } = useTranslation();
  return (
    <span className={classes.logo}>
      <img src={mark} alt="" width={26} height={26} />
      {t("product")}
    </span>
  );
}
