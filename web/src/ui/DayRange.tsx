import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import "dayjs/locale/zh-cn";
import { useTranslation } from "react-i18next";
import { dayOf } from "@/lib/days";

interface Props {
  /** Days on the company's clock, both within; absent is open. */
  from: string | undefined;
  to: string | undefined;
  /** For the shortcuts: the instant it is, and the clock it is read on. */
  now_ms: number;
  timeZone: string;
  onChange: (range: { from: string | undefined; to: string | undefined }) => void;
}

const FORMAT = "YYYY-MM-DD";

/** From one day to another, with the spans that are asked for most. */
export function DayRange({ from, to, now_ms, timeZone, onChange }: Props) {
  const { t } = useTranslation("ui");
  const day = (days: number) => dayjs(dayOf(now_ms, timeZone, days));
  const write = (value: Dayjs | null | undefined) => value?.format(FORMAT);
  return (
    <DatePicker.RangePicker
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      allowEmpty={[true, true]}
      format={FORMAT}
      placeholder={[t("days.from"), t("days.to")]}
      aria-label={t("days.label")}
      style={{ width: 250 }}
      presets={[
        { label: t("days.today"), value: [day(0), day(0)] },
        { label: t("days.yesterday"), value: [day(-1), day(-1)] },
        { label: t("days.week"), value: [day(-6), day(0)] },
        { label: t("days.month"), value: [day(-29), day(0)] },
      ]}
      onChange={(range) => onChange({ from: write(range?.[0]), to: write(range?.[1]) })}
    />
  );
}
