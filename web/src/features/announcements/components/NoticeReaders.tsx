import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Choice } from "@/ui/Choice";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Notice, readersQuery } from "../model/queries";
import styles from "./Announcements.module.css";

/** Who has acknowledged, when, and who has not yet. */
export function NoticeReaders({ notice }: { notice: Notice }) {
  const { t } = useTranslation("announcements");
  const zone = useTimeZone();
  const [shown, setShown] = useState<"missing" | "done">("missing");
  const { data, error } = useQuery(readersQuery(notice.id, shown === "done"));
  return (
    <section className={styles.stack} aria-label={t("notice.readers")}>
      <h3>{t("notice.readersOf", { done: notice.acknowledged, all: notice.told })}</h3>
      <Choice<"missing" | "done">
        label={t("notice.readers")}
        value={shown}
        options={[
          { value: "missing", label: t("notice.missing") },
          { value: "done", label: t("notice.done") },
        ]}
        onChange={setShown}
      />
      {error && <ErrorNotice error={error} />}
      {data?.items.length === 0 && <p className={styles.minor}>{t("notice.nobody")}</p>}
      <ul className={styles.people}>
        {data?.items.map(({ id, name, team, acknowledged_at }) => (
          <li key={id}>
            <span>{name}</span>
            <span className={styles.minor}>
              {[team, acknowledged_at && formatInstant(acknowledged_at, zone)].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
