import { Button, Skeleton } from "antd";
import { Monitor, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import styles from "./SessionList.module.css";

type LoginSession = Schema<"LoginSessionOut">;

interface Props {
  /** undefined: still being fetched */
  sessions: readonly LoginSession[] | undefined;
  onEnd: (session: LoginSession) => void;
}

/** Where somebody is logged in: on what, from where, since when; each but this one can be ended. */
export function SessionList({ sessions, onEnd }: Props) {
  const { t } = useTranslation("sessions");
  const zone = useTimeZone();
  if (!sessions) return <Skeleton active paragraph={{ rows: 2 }} title={false} />;
  if (sessions.length === 0) return <p className={styles.facts}>{t("none")}</p>;
  const deviceOf = ({ browser, system }: LoginSession) =>
    browser && system ? t("device", { browser, system }) : browser || system || t("unknown");
  return (
    <ul className={styles.list}>
      {sessions.map((session) => (
        <li key={session.id} className={styles.row}>
          {session.is_mobile ? <Smartphone size={20} aria-hidden /> : <Monitor size={20} aria-hidden />}
          <div className={styles.words}>
            <span className={styles.device}>
              {deviceOf(session)}
              {session.is_this && <StatusTag tone="ready">{t("this")}</StatusTag>}
            </span>
            <span className={styles.facts}>
              {t("facts", {
                address: session.address || "—",
                seen: formatInstant(session.seen_at, zone),
                began: formatInstant(session.began_at, zone),
              })}
            </span>
          </div>
          {!session.is_this && (
            <Button
              aria-label={t("endNamed", { device: deviceOf(session), address: session.address })}
              onClick={() => onEnd(session)}
            >
              {t("end")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
