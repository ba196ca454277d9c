import { useTranslation } from "react-i18next";
import { formatSpans, groupDays, type Weekly } from "../model/hours";

/** A week in a line: "Mon to Fri 09:00-18:00". Closed days are left out; a week without any is told. */
export function HoursSummary({ weekly }: { weekly: Weekly }) {
  const { t } = useTranslation("admin");
  const open = groupDays(weekly).filter(({ spans }) => spans.length > 0);
  if (open.length === 0) return t("hours.neverOpen");
  const words = open.map(({ first, last, spans }) => {
    const from = t(`hours.days.${first as 0}`);
    const days = first === last ? from : t("hours.range", { from, to: t(`hours.days.${last as 0}`) });
    return `${days} ${formatSpans(spans)}`;
  });
  return <span className="numbers">{words.join(t("hours.semicolon"))}</span>;
}
