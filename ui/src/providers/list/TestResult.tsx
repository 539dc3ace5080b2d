import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ProviderTest } from "../../api/providers";
import { duration } from "../../parts/format";
import classes from "./ProviderCard.module.css";

/** What became of a test, in a sentence. */
export function TestResult({ result }: { result: ProviderTest }) {
  const { t } = useTranslation("providers");
  const Icon = result.ok ? IconCircleCheck : IconAlertCircle;
  return (
    <div className={classes.result} data-ok={result.ok || undefined}>
      <Icon size={18} stroke={1.75} aria-hidden />
      <div>
        {result.ok
          ? t("test.good", {
              time: duration(result.latency_ms ?? 0),
              models: t("models", { count: result.models.length }),
            })
          : t("test.bad", { message: result.error?.message ?? "" })}
      </div>
    </div>
  );
}
