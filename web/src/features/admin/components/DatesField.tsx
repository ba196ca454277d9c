import { Button, DatePicker, Input, Segmented } from "antd";
import type { Dayjs } from "dayjs";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { daysBetween, OFFICE_DAY, type SpecialDays, withDays } from "../model/hours";
import styles from "./HoursFields.module.css";
import { SpansField } from "./SpansField";

interface Props {
  id?: string;
  value?: SpecialDays;
  onChange?: (days: SpecialDays) => void;
}

const NONE: SpecialDays = { dates: {}, names: {} };

/** Days that are not as their weekday: holidays, and the working days that make up for them. */
export function DatesField({ id, value = NONE, onChange }: Props) {
  const { dates, names } = value;
  const { t } = useTranslation("admin");
  const [range, setRange] = useState<[Dayjs | null, Dayjs | null] | null>(null);
  const [kind, setKind] = useState<"holiday" | "workday">("holiday");
  const [first, last] = [range?.[0]?.format("YYYY-MM-DD"), range?.[1]?.format("YYYY-MM-DD")];
  const add = () => {
    if (!first || !last) return;
    const added = withDays(dates, daysBetween(first, last), kind === "holiday" ? [] : [OFFICE_DAY]);
    onChange?.({ dates: added, names });
    setRange(null);
  };
  return (
    <fieldset {...(id !== undefined && { id })} className={styles.week} aria-label={t("hours.dates")}>
      <div className={styles.adder}>
        <DatePicker.RangePicker
          value={range}
          onChange={setRange}
          aria-label={t("hours.chooseDays")}
          style={{ width: 240 }}
        />
        <Segmented
          value={kind}
          onChange={setKind}
          options={(["holiday", "workday"] as const).map((each) => ({
            value: each,
            label: t(`hours.${each}`),
          }))}
        />
        <Button icon={<Plus size={16} />} disabled={!first || !last} onClick={add}>
          {t("hours.addDays")}
        </Button>
      </div>
      {Object.entries(dates)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([day, spans]) => (
          <div key={day} className={styles.day}>
            <span className={styles.dayName}>
              <time dateTime={day}>{day}</time>
            </span>
            <StatusTag tone={spans.length === 0 ? "break" : "acw"}>
              {spans.length === 0 ? t("hours.holiday") : t("hours.workday")}
            </StatusTag>
            <SpansField
              day={day}
              value={spans}
              onChange={(next) => onChange?.({ dates: { ...dates, [day]: next }, names })}
            />
            <Input
              size="small"
              maxLength={40}
              value={names[day] ?? ""}
              placeholder={t("hours.dayName")}
              aria-label={t("hours.dayNameOf", { day })}
              style={{ width: 120 }}
              onChange={(event) => onChange?.({ dates, names: { ...names, [day]: event.target.value } })}
            />
            <Button
              type="text"
              size="small"
              icon={<Trash2 size={14} />}
              aria-label={t("hours.removeDay", { day })}
              onClick={() => onChange?.({ dates: without(dates, day), names: without(names, day) })}
            />
          </div>
        ))}
    </fieldset>
  );
}

function without<Of>(days: Record<string, Of>, day: string): Record<string, Of> {
  return Object.fromEntries(Object.entries(days).filter(([at]) => at !== day));
}
