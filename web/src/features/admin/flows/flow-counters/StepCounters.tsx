import { use } from "react";
import { useTranslation } from "react-i18next";
import { CountersContext } from "./CountersContext";
import styles from "./StepCounters.module.css";

/** What came of callers at one step, at the foot of its card; nothing at all while counters are not shown. */
export function StepCounters({ step }: { step: string }) {
  const counters = use(CountersContext);
  if (!counters) return null;
  return <Counts step={step} />;
}

function Counts({ step }: { step: string }) {
  const { t } = useTranslation("flow-counters");
  const found = use(CountersContext)?.get(step);
  if (!found) return null;
  const { entered, left, served, gave_up, faults, ended, failed_requests, still_there } = found;
  const on = left + served + ended;
  const more = [
    served && t("served", { count: served }),
    ended && t("ended", { count: ended }),
    faults && t("faults", { count: faults }),
    failed_requests && t("failedRequests", { count: failed_requests }),
    still_there && t("stillThere", { count: still_there }),
  ].filter(Boolean);
  return (
    <span className={styles.counts} title={more.join(t("and"))}>
      <span>{t("entered", { count: entered })}</span>
      <span>{t("left", { count: on })}</span>
      <span data-tone={gave_up > 0 ? "error" : undefined}>{t("gaveUp", { count: gave_up })}</span>
      {faults > 0 && <span data-tone="error">{t("faults", { count: faults })}</span>}
    </span>
  );
}
