import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import type { Hours } from "../model/api";

/** Whether a calendar is open now, and when that changes, on its own clock. */
export function HoursNow({ row }: { row: Hours }) {
  const { t } = useTranslation("admin");
  const zone = useTimeZone();
  return (
    <span>
      <StatusTag tone={row.is_open ? "ready" : "off"}>
        {row.is_open ? t("hours.open") : t("hours.shut")}
      </StatusTag>{" "}
      {row.next_change_at && (
        <time dateTime={row.next_change_at} className="numbers">
          {t("hours.until", { at: formatInstant(row.next_change_at, row.time_zone || zone) })}
        </time>
      )}
    </span>
  );
}
