import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import type { Arm, CanaryReport, Change, RuleTrial } from "./api";
import styles from "./RuleTrials.module.css";

const ROWS = [
  ["service_level_pct", "service_level", "%"],
  ["asa_s", "asa", "s"],
  ["wait_p90_s", null, "s"],
  ["abandoned_pct", "abandoned", "%"],
  ["transferred_pct", "transferred", "%"],
  ["score_pct", "score", "%"],
] as const satisfies readonly (readonly [keyof Arm, keyof CanaryReport | null, "%" | "s"])[];

/** How the contacts by the draft fared beside the others. */
export function CanarySection({ report, trial }: { report: CanaryReport; trial: RuleTrial }) {
  const { t } = useTranslation("rule-trials");
  const zone = useTimeZone();
  const unit = (kind: "%" | "s") => (kind === "%" ? " %" : ` ${t("seconds")}`);
  const value = (number: number | null, kind: "%" | "s") =>
    number === null ? "–" : `${number.toFixed(1)}${unit(kind)}`;
  const signed = (number: number) => `${number > 0 ? "+" : ""}${number.toFixed(1)}`;
  const difference = (change: Change | null, kind: "%" | "s") =>
    change === null
      ? "–"
      : t("canary.interval", {
          value: signed(change.value),
          low: signed(change.low),
          high: signed(change.high),
          unit: kind === "%" ? t("points") : t("seconds"),
        });
  const isEarly =
    report.draft.contacts < trial.least_contacts || report.present.contacts < trial.least_contacts;
  return (
    <section className={styles.section} aria-label={t("canary.title")}>
      <h2>{t("canary.title")}</h2>
      <p className={styles.hint}>
        {t("canary.since", { when: formatInstant(report.since, zone), share: report.share_pct })}
      </p>
      {isEarly && <Alert type="info" showIcon title={t("canary.early", { count: trial.least_contacts })} />}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("canary.figure")}</th>
            <th scope="col">{t("canary.draft")}</th>
            <th scope="col">{t("canary.present")}</th>
            <th scope="col">{t("canary.difference")}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t("canary.contacts")}</th>
            <td>{report.draft.contacts}</td>
            <td>{report.present.contacts}</td>
            <td />
          </tr>
          {ROWS.map(([figure, compared, kind]) => (
            <tr key={figure}>
              <th scope="row">{t(`canary.${figure}`)}</th>
              <td>{value(report.draft[figure], kind)}</td>
              <td>{value(report.present[figure], kind)}</td>
              <td>{compared === null ? "" : difference(report[compared], kind)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t("canary.responded")}</th>
            <td>{report.draft.responded}</td>
            <td>{report.present.responded}</td>
            <td />
          </tr>
        </tbody>
      </table>
      <p className={styles.hint}>{t("canary.hint")}</p>
      <p className={styles.hint}>{t("canary.scoreHint", { least: report.least_scores })}</p>
    </section>
  );
}
