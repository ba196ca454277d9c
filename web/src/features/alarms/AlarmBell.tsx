import { queryOptions, useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { BellRing } from "lucide-react";
import { useTranslation } from "react-i18next";
import { readProblem } from "@/api/problem";
import { StatusTag } from "@/ui/StatusTag";
import styles from "./AlarmBell.module.css";

/** One alarm of the installation or the company, in both languages; answered by the front itself, also when all else is away. */
interface Alarm {
  code: string;
  severity: "critical" | "warning";
  subject: string;
  en: string;
  zh: string;
}

const alarmsQuery = queryOptions({
  queryKey: ["alarms"],
  queryFn: async () => {
    const response = await fetch("/api/alarms", { credentials: "same-origin" });
    if (!response.ok) throw await readProblem(response);
    return ((await response.json()) as { items: Alarm[] }).items;
  },
  refetchInterval: 30_000,
  retry: false,
});

/** What an administrator must hear of, wherever they are; nothing is shown while nothing is wrong. */
export function AlarmBell() {
  const { t, i18n } = useTranslation("alarms");
  const alarms = useQuery(alarmsQuery).data ?? [];
  if (alarms.length === 0) return null;
  const label = t("label", { count: alarms.length });
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t("title")}
      content={
        <ul className={styles.list}>
          {alarms.map((alarm) => (
            <li key={`${alarm.code} ${alarm.subject}`} className={styles.alarm}>
              <StatusTag tone={alarm.severity === "critical" ? "ring" : "acw"}>{t(alarm.severity)}</StatusTag>
              <span>{i18n.language === "zh" ? alarm.zh : alarm.en}</span>
            </li>
          ))}
        </ul>
      }
    >
      <Button
        type="text"
        className={styles.bell ?? ""}
        data-critical={alarms.some((alarm) => alarm.severity === "critical")}
        icon={<BellRing size={18} />}
        aria-label={label}
      >
        {alarms.length}
      </Button>
    </Popover>
  );
}
