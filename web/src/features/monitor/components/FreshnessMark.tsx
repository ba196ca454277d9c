import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatTimeOfDay } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag } from "@/ui/StatusTag";
import { useAge } from "../model/useAge";
import styles from "./FreshnessMark.module.css";

/** Whether the page shows the present, and if not, how old it is. */
export function FreshnessMark() {
  const { t } = useTranslation("monitor");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const age = useAge();
  return (
    <span className={styles.mark}>
      {age.isStale ? (
        <StatusTag tone="ring" hasDot>
          {age.stale_s === null ? t("age.offline") : t("age.stale", { time: formatDuration(age.stale_s) })}
        </StatusTag>
      ) : (
        <StatusTag tone="ready" hasDot>
          {age.quiet_s === null || age.quiet_s < 2
            ? t("age.live")
            : t("age.quiet", { time: formatDuration(age.quiet_s) })}
        </StatusTag>
      )}
      <time dateTime={new Date(now_ms).toISOString()}>
        {formatTimeOfDay(new Date(now_ms).toISOString(), zone)}
      </time>
    </span>
  );
}
