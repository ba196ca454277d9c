import { Button } from "antd";
import { CopyCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Span, Weekly } from "../model/hours";
import styles from "./HoursFields.module.css";
import { SpansField } from "./SpansField";

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;

interface Props {
  id?: string;
  value?: Weekly;
  onChange?: (weekly: Weekly) => void;
}

/** The week, Monday first. */
export function WeeklyField({ id, value = [], onChange }: Props) {
  const { t } = useTranslation("admin");
  const set = (day: number, spans: Span[]) =>
    onChange?.(DAYS.map((at) => (at === day ? spans : (value[at] ?? []))));
  const copyToWorkdays = () => onChange?.(DAYS.map((at) => (at < 5 ? (value[0] ?? []) : (value[at] ?? []))));
  return (
    <fieldset {...(id !== undefined && { id })} className={styles.week} aria-label={t("hours.weekly")}>
      {DAYS.map((day) => (
        <div key={day} className={styles.day}>
          <span className={styles.dayName}>{t(`hours.days.${day}`)}</span>
          <SpansField
            day={t(`hours.days.${day}`)}
            value={value[day] ?? []}
            onChange={(spans) => set(day, spans)}
          />
          {day === 0 && (
            <Button type="link" size="small" icon={<CopyCheck size={14} />} onClick={copyToWorkdays}>
              {t("hours.copyMonday")}
            </Button>
          )}
        </div>
      ))}
    </fieldset>
  );
}
