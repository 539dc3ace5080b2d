import { useTranslation } from "react-i18next";
import type { Provider } from "../../api/providers";
import { duration } from "../../parts/format";
import { Tag } from "../../parts/Tag";

/** How a provider has been doing. After failures it is left alone for a while. */
export function Health({ health }: { health: Provider["health"] }) {
  const { t } = useTranslation("providers");
  const { state, failures, last_error: error, latency_ms: latency } = health;
  if (state === "closed" && latency === null) return null; // nothing was asked of it yet
  const words =
    state === "closed"
      ? t("health.closed", { time: duration(latency ?? 0) })
      : t(`health.${state}`, { count: failures });
  const tone = state === "closed" ? "ok" : state === "open" ? "danger" : "warn";
  return (
    <Tag tone={tone}>
      <span title={error ?? undefined}>{words}</span>
    </Tag>
  );
}
