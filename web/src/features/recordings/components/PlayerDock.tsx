import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import type { Recording } from "../model/queries";
import styles from "./PlayerDock.module.css";
import { RecordingPlayer } from "./RecordingPlayer";

interface Props {
  id: string;
  /** The page of the list, for the one before and the one after. */
  rows: readonly Recording[];
  onPlay: (recording: string | undefined) => void;
}

/** The player under the list: it stays while the list is searched further. */
export function PlayerDock({ id, rows, onPlay }: Props) {
  const { t } = useTranslation("recordings");
  const zone = useTimeZone();
  const ready = rows.filter((row) => row.state === "ready");
  const place = ready.findIndex((row) => row.id === id);
  const row = ready[place];
  const before = place > 0 ? ready[place - 1] : undefined;
  const after = place >= 0 ? ready[place + 1] : undefined;
  return (
    <aside className={styles.dock} aria-label={t("player")}>
      <div className={styles.about}>
        {row ? (
          <>
            <Link to="/interactions/$interaction" params={{ interaction: row.interaction }}>
              {row.customer?.name ?? (formatNumber(row.number ?? row.masked) || t("withheld"))}
            </Link>
            <span className={styles.minor}>
              {[row.agent_name, formatInstant(row.started_at, zone)].filter(Boolean).join(" · ")}
            </span>
          </>
        ) : (
          <span className={styles.minor}>{t("elsewhere")}</span>
        )}
      </div>
      <div className={styles.player}>
        <RecordingPlayer id={id} state="ready" duration_s={row?.duration_s ?? null} isStarted />
      </div>
      <Button
        type="text"
        icon={<ChevronLeft size={18} />}
        disabled={!before}
        aria-label={t("before")}
        onClick={() => onPlay(before?.id)}
      />
      <Button
        type="text"
        icon={<ChevronRight size={18} />}
        disabled={!after}
        aria-label={t("after")}
        onClick={() => onPlay(after?.id)}
      />
      <Button type="text" icon={<X size={18} />} aria-label={t("close")} onClick={() => onPlay(undefined)} />
    </aside>
  );
}
