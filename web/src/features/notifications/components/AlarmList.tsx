import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import type { Alarm } from "../model/queries";
import styles from "./AlarmList.module.css";

/** What is wrong with the installation or the company now; goes by itself when it is mended. */
export function AlarmList({ alarms }: { alarms: readonly Alarm[] }) {
  const { t, i18n } = useTranslation("notifications");
  return (
    <section aria-label={t("alarms")}>
      <ul className={styles.list}>
        {alarms.map((alarm) => (
          <li key={`${alarm.code} ${alarm.subject}`} className={styles.alarm}>
            <StatusTag tone={alarm.severity === "critical" ? "ring" : "acw"}>{t(alarm.severity)}</StatusTag>
            <span>{i18n.language === "zh" ? alarm.zh : alarm.en}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
