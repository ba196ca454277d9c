import { Button } from "antd";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { findSpanProblem, nextSpan, type Span } from "../model/hours";
import { ClockInput } from "./ClockInput";
import styles from "./HoursFields.module.css";

interface Props {
  /** Whose hours these are: "Monday", "2026-10-01". */
  day: string;
  value: readonly Span[];
  onChange: (spans: Span[]) => void;
}

/** The hours of one day: none is closed, two have a lunch break between. */
export function SpansField({ day, value, onChange }: Props) {
  const { t } = useTranslation("admin");
  const problem = findSpanProblem(value);
  const edit = (index: number, span: Span) => onChange(value.map((old, at) => (at === index ? span : old)));
  return (
    <div className={styles.spans}>
      {value.length === 0 && <span className={styles.closed}>{t("hours.closed")}</span>}
      {value.map(([begins, ends], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span is nothing but its place in the day
        <span key={index} className={styles.span}>
          <ClockInput
            value={begins}
            label={t("hours.begins", { day })}
            isWrong={problem !== null}
            onChange={(clock) => edit(index, [clock, ends])}
          />
          –
          <ClockInput
            value={ends}
            label={t("hours.ends", { day })}
            isWrong={problem !== null}
            onChange={(clock) => edit(index, [begins, clock])}
          />
          <Button
            type="text"
            size="small"
            icon={<X size={14} />}
            aria-label={t("hours.removeSpan", { day, span: `${begins}–${ends}` })}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          />
        </span>
      ))}
      <Button
        type="text"
        size="small"
        icon={<Plus size={14} />}
        aria-label={t("hours.addSpan", { day })}
        title={t("hours.addSpan", { day })}
        onClick={() => onChange([...value, nextSpan(value)])}
      />
      {problem && (
        <span role="alert" className={styles.problem}>
          {t(`hours.problems.${problem}`)}
        </span>
      )}
    </div>
  );
}
