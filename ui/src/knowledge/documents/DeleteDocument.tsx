import { useTranslation } from "react-i18next";
import { useDocumentActions } from "../../api/knowledge";
import type { Document } from "../../api/types";
import { Confirm } from "../../parts/Confirm";
import { toast } from "../../parts/toast";

interface Props {
  document: Document;
  onClose: () => void;
  onGone?: () => void;
}

export function DeleteDocument({ document, onClose, onGone }: Props) {
  const { t } = useTranslation("knowledge");
  const { remove } = useDocumentActions();
  const { id, name } = document;
  return (
    <Confirm
      title={t("remove.title", { name })}
      action={t("remove.action")}
      busy={remove.isPending}
      problem={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(id, {
          onSuccess: () => {
            toast(t("remove.done", { name }));
            onClose();
            onGone?.();
          },
        })
      }
    >
      {t("remove.text")}
    </Confirm>
  );
}
