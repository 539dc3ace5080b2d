import { useTranslation } from "react-i18next";
import type { Document } from "../../api/types";
import { DocumentRow } from "./DocumentRow";
import classes from "./DocumentTable.module.css";

interface Props {
  documents: Document[];
  assistantId: string;
  onOpen: (id: string) => void;
}

export function DocumentTable({ documents, assistantId, onOpen }: Props) {
  const { t } = useTranslation("knowledge");
  return (
    <table className={classes.table} aria-label={t("list.label")}>
      <thead>
        <tr>
          <th scope="col">{t("list.name")}</th>
          <th scope="col" className={classes.status}>
            {t("list.status")}
          </th>
          <th scope="col" className={classes.figure}>
            {t("list.size")}
          </th>
          <th scope="col" className={classes.figure}>
            {t("list.passages")}
          </th>
          <th scope="col" className={classes.changed}>
            {t("list.changed")}
          </th>
          <th scope="col" className={classes.use}>
            {t("list.use")}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {documents.map((document) => (
          <DocumentRow
            key={document.id}
            document={document}
            assistantId={assistantId}
            onOpen={() => onOpen(document.id)}
          />
        ))}
      </tbody>
    </table>
  );
}
