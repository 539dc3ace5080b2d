import { Switch, Text } from "@mantine/core";
import {
  IconFile,
  IconFileSpreadsheet,
  IconFileText,
  IconFileTypePdf,
  IconMail,
  IconPresentation,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useDocumentActions } from "../../api/knowledge";
import type { Document } from "../../api/types";
import { fileSize, number } from "../../parts/format";
import { RelativeTime } from "../../parts/RelativeTime";
import { toastProblem } from "../../parts/toast";
import classes from "./DocumentTable.module.css";
import { RowMenu } from "./RowMenu";
import { Status } from "./Status";

interface Props {
  document: Document;
  assistantId: string;
  onOpen: () => void;
}

export function DocumentRow({ document, assistantId, onOpen }: Props) {
  const { t } = useTranslation("knowledge");
  const { enable } = useDocumentActions();
  const { id, name, enabled } = document;
  const Icon = iconOf(name);
  return (
    <tr>
      <td>
        <div className={classes.name}>
          <Icon size={18} stroke={1.6} className={classes.icon} aria-hidden />
          <div className={classes.words}>
            <button type="button" className={classes.open} onClick={onOpen} title={name}>
              {name}
            </button>
            {document.error && (
              <Text size="xs" c="var(--mantine-color-error)">
                {document.error.message}
              </Text>
            )}
            <div className={classes.below}>
              <Status document={document} />
            </div>
          </div>
        </div>
      </td>
      <td className={classes.status}>
        <Status document={document} />
      </td>
      <td className={classes.figure}>{fileSize(document.size)}</td>
      <td className={classes.figure}>{document.passages ? number(document.passages) : "–"}</td>
      <td className={classes.changed}>
        <Text size="sm" c="dimmed">
          <RelativeTime at={document.updated_at} />
        </Text>
      </td>
      <td className={classes.use}>
        {document.status !== "failed" && (
          <Switch
            size="sm"
            checked={enabled}
            onChange={(event) =>
              enable.mutate({ id, enabled: event.currentTarget.checked }, { onError: toastProblem })
            }
            aria-label={t("list.useLabel", { name })}
          />
        )}
      </td>
      <td>
        <RowMenu document={document} assistantId={assistantId} onOpen={onOpen} />
      </td>
    </tr>
  );
}

const icons = [
  [/\.pdf$/i, IconFileTypePdf],
  [/\.(xlsx?|ods|csv|tsv)$/i, IconFileSpreadsheet],
  [/\.(pptx?|odp)$/i, IconPresentation],
  [/\.(eml|msg)$/i, IconMail],
  [/\.(docx?|odt|rtf|md|txt|html?)$/i, IconFileText],
] as const;

function iconOf(name: string) {
  return icons.find(([pattern]) => pattern.test(name))?.[1] ?? IconFile;
}
