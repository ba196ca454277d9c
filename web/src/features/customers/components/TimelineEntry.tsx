import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { RecordingPlayer } from "@/features/recordings";
import { formatDuration, formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import type { Contact } from "../model/queries";
import styles from "./ContactTimeline.module.css";

/** One contact: when, by whom, what came of it, what was noted, how it sounded. */
export function TimelineEntry({ contact }: { contact: Contact }) {
  const { t } = useTranslation(["customers", "interactions"]);
  const zone = useTimeZone();
  const isMissed = contact.direction === "inbound" && ["abandoned", "overflowed"].includes(contact.outcome);
  const facts = [
    contact.queue_name,
    contact.agent_name,
    contact.wait_s >= 1 && t("timeline.waited", { time: formatDuration(contact.wait_s) }),
    contact.talk_s > 0 && t("timeline.talked", { time: formatDuration(contact.talk_s) }),
    contact.hold_s >= 1 && t("timeline.held", { time: formatDuration(contact.hold_s) }),
  ].filter(Boolean);
  const when = formatInstant(contact.started_at, zone);
  return (
    <li className={styles.entry} data-missed={isMissed}>
      <p className={styles.line}>
        <Link
          to="/interactions/$interaction"
          params={{ interaction: contact.id }}
          className={styles.when ?? ""}
        >
          {when}
        </Link>
        <span>{t(`interactions:direction.${contact.direction}`)}</span>
        {contact.outcome === "" ? (
          <StatusTag tone="ready" hasDot>
            {t("interactions:outcome.live")}
          </StatusTag>
        ) : (
          contact.outcome !== "answered" && (
            <StatusTag tone={isMissed ? "ring" : "off"}>
              {t(`interactions:outcome.${contact.outcome}`)}
            </StatusTag>
          )
        )}
        {contact.disposition && <StatusTag tone="talk">{contact.disposition}</StatusTag>}
        {contact.result && (
          <StatusTag tone="off">{t(`interactions:result.${contact.result as "resolved"}`)}</StatusTag>
        )}
      </p>
      {facts.length > 0 && <p className={styles.facts}>{facts.join(" · ")}</p>}
      {contact.note && <p className={styles.note}>{contact.note}</p>}
      {contact.recordings.map((recording) => (
        <div key={recording.id} className={styles.recording}>
          <RecordingPlayer
            id={recording.id}
            state={recording.state}
            duration_s={recording.duration_s}
            label={t("timeline.recording", { time: when })}
          />
        </div>
      ))}
    </li>
  );
}
