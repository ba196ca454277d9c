import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Contact } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatInstant, formatShortInstant } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag } from "@/ui/StatusTag";
import { waveformQuery } from "../model/queries";
import { useOutcomeWords } from "../model/useOutcomeWords";
import styles from "./Timeline.module.css";

const AudioPlayer = lazy(async () => ({ default: (await import("@/ui/AudioPlayer")).AudioPlayer }));

/** One contact of the past (or the present one), what came of it and how it sounded. */
export function TimelineItem({ contact, isOpen }: { contact: Contact; isOpen: boolean }) {
  const { t } = useTranslation("desk");
  const outcomeOf = useOutcomeWords();
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const isMissed = contact.outcome === "abandoned" || contact.outcome === "not_reached";
  const facts = [
    contact.queue_name,
    contact.agent_name &&
      t(contact.direction === "outbound" ? "timeline.dialledBy" : "timeline.by", {
        name: contact.agent_name,
      }),
    contact.wait_s >= 1 && t("timeline.waited", { time: formatDuration(contact.wait_s) }),
    contact.talk_s > 0 && t("timeline.talked", { time: formatDuration(contact.talk_s) }),
  ].filter(Boolean);
  return (
    <li className={styles.item} data-missed={isMissed} data-open={isOpen}>
      <p className={styles.line}>
        <time
          dateTime={contact.started_at}
          title={formatInstant(contact.started_at, zone)}
          className={styles.when}
        >
          {formatShortInstant(contact.started_at, zone, now_ms)}
        </time>
        <span>{contact.direction === "outbound" ? t("direction.outbound") : t("direction.inbound")}</span>
        {contact.outcome && contact.outcome !== "answered" && (
          <StatusTag tone={isMissed ? "ring" : "off"}>{outcomeOf(contact)}</StatusTag>
        )}
        {contact.disposition && <StatusTag tone="talk">{contact.disposition}</StatusTag>}
        {isOpen && <StatusTag tone="ready">{t("timeline.open")}</StatusTag>}
      </p>
      {facts.length > 0 && <p className={styles.facts}>{facts.join(" · ")}</p>}
      {contact.note && <p className={styles.note}>{contact.note}</p>}
      {contact.recordings.map((recording) => (
        <Recording
          key={recording.id}
          id={recording.id}
          state={recording.state}
          duration_s={recording.duration_s}
        />
      ))}
    </li>
  );
}

interface RecordingProps {
  id: string;
  state: Contact["recordings"][number]["state"];
  duration_s: number | null;
}

function Recording({ id, state, duration_s }: RecordingProps) {
  const { t } = useTranslation("desk");
  const isReady = state === "ready";
  const wave = useQuery({ ...waveformQuery(id), enabled: isReady });
  if (!isReady) return <p className={styles.facts}>{t(`recording.${state}`)}</p>;
  return (
    <div className={styles.recording}>
      <Suspense fallback={<span className={styles.unfolding} />}>
        <AudioPlayer
          src={`/api/recordings/${encodeURIComponent(id)}/audio`}
          duration_s={wave.data?.duration_s ?? duration_s ?? 0}
          peaks={wave.data?.peaks}
          label={t("recording.label")}
        />
      </Suspense>
    </div>
  );
}
