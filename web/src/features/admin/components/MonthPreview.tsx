import { Button } from "antd";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatSpans, monthOf, type SpecialDays, type Weekly } from "../model/hours";
import styles from "./MonthPreview.module.css";

interface Props {
  weekly: Weekly;
  days: SpecialDays;
}

function shifted(month: string, by: number): string {
  const at = new Date(`${month}-15T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + by);
  return at.toISOString().slice(0, 7);
}

/** A month as callers will find it: every day with its hours, holidays and make-up workdays marked. */
export function MonthPreview({ weekly, days }: Props) {
  const { t, i18n } = useTranslation("admin");
  const [month, show] = useState(() => new Date().toISOString().slice(0, 7));
  const title = new Intl.DateTimeFormat(i18n.language, {
    year: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(`${month}-15T00:00:00Z`));
  return (
    <section aria-label={t("hours.preview")}>
      <div className={styles.head}>
        <strong aria-live="polite">{title}</strong>
        <Button
          type="text"
          size="small"
          icon={<ChevronLeft size={16} />}
          aria-label={t("hours.monthBefore")}
          onClick={() => show(shifted(month, -1))}
        />
        <Button
          type="text"
          size="small"
          icon={<ChevronRight size={16} />}
          aria-label={t("hours.monthAfter")}
          onClick={() => show(shifted(month, 1))}
        />
      </div>
      <div className={styles.month}>
        {([0, 1, 2, 3, 4, 5, 6] as const).map((day) => (
          <span key={day} className={styles.weekday}>
            {t(`hours.days.${day}`)}
          </span>
        ))}
        {monthOf(month, weekly, days).map((each, index) =>
          each === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: an empty place before the first day
            <span key={`before-${index}`} />
          ) : (
            <div
              key={each.day}
              className={styles.day}
              data-kind={each.kind}
              data-closed={each.spans.length === 0}
            >
              <time dateTime={each.day}>{Number(each.day.slice(8))}</time>
              <span className={styles.hours}>
                {each.spans.length === 0 ? t("hours.closed") : formatSpans(each.spans)}
              </span>
              {each.kind !== "week" && (
                <span className={styles.name}>{each.name || t(`hours.${each.kind}`)}</span>
              )}
            </div>
          ),
        )}
      </div>
    </section>
  );
}
