import { useTranslation } from "react-i18next";
import type { Provider } from "../api/providers";
import { Note } from "../parts/Note";

/** Whether texts may leave the building as things stand, and where to. */
export function Outlook({ providers }: { providers: Provider[] }) {
  const { t } = useTranslation("providers");
  const open = providers.filter(({ enabled, allowed }) => enabled && allowed);
  if (open.length === 0) return <Note>{t("outlook.closed")}</Note>;
  return (
    <Note tone="warn">{t("outlook.open", { names: open.map(({ name }) => name).join(", ") })}</Note>
  );
}
