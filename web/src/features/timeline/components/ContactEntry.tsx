import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatInstant, formatTimeOfDay } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import type { Contact } from "../model/queries";
import styles from "./Entry.module.css";

const RecordingPlayer = lazy(async () => ({
  default: (await import("@/features/recordings")).RecordingPlayer,
}));

/** One contact: when, by whom, what came of it, what was written about it, how it sounded. */
export function ContactEntry({ contact, isOpen }: { contact: Contact; isOpen: boolean }) {
  const { t } = useTranslation("timeline");
  const zone = useTimeZone();
  const isMissed = ["abandoned", "overflowed", "not_reached"].includes(contact.outcome);
  const when = formatInstant(contact.started_at, zone);
  const facts = [
    contact.queue_name,
    contact.agent_name &&
      t(contact.direction === "outbound" ? "dialledBy" : "by", { name: contact.agent_name }),
    contact.wait_s >= 1 && t("waited", { time: formatDuration(contact.wait_s) }),
    contact.talk_s > 0 && t("talked", { time: formatDuration(contact.talk_s) }),
    contact.hold_s >= 1 && t("held", { time: formatDuration(contact.hold_s) }),
  ].filter(Boolean);
  return (
    <>
      <p className={styles.line}>
        <Link
          to="/interactions/$interaction"
          params={{ interaction: contact.id }}
          className={styles.when ?? ""}
          title={when}
        >
          {when.slice(11)}
        </Link>
        <span>{t(`direction.${contact.direction}`)}</span>
        {contact.outcome !== "answered" && (
          <StatusTag tone={contact.outcome === "" ? "ready" : isMissed ? "ring" : "off"}>
            {t(`outcome.${contact.outcome || "live"}`)}
          </StatusTag>
        )}
        {contact.disposition && <StatusTag tone="talk">{contact.disposition}</StatusTag>}
        {contact.result && <StatusTag tone="off">{t(`result.${contact.result as "resolved"}`)}</StatusTag>}
        {isOpen && <StatusTag tone="ready">{t("open")}</StatusTag>}
      </p>
      {facts.length > 0 && <p className={styles.facts}>{facts.join(" · ")}</p>}
      {contact.note && <p className={styles.text}>{contact.note}</p>}
      {contact.recordings.map((recording, index) => (
        <div key={recording.id} className={styles.recording}>
          <Suspense fallback={null}>
            <RecordingPlayer
              id={recording.id}
              state={recording.state}
              duration_s={recording.duration_s}
              label={t(contact.recordings.length > 1 ? "recordingOf" : "recording", {
                time: `${when.slice(0, 10)} ${formatTimeOfDay(contact.started_at, zone)}`,
                number: index + 1,
              })}
            />
          </Suspense>
        </div>
      ))}
    </>
  );
}
