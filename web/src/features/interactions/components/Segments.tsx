import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatTimeOfDay } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { Card } from "@/ui/Page";
import type { ContactDetail } from "../model/queries";
import styles from "./Segments.module.css";

type Segment = ContactDetail["segments"][number];

interface Props {
  segments: readonly Segment[];
  startedAt: string;
  endedAt: string | null;
}

/** The parts of a contact on one line of time: how long in which queue, with whom. */
export function Segments({ segments, startedAt, endedAt }: Props) {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const from_ms = Date.parse(startedAt);
  const to_ms = endedAt ? Date.parse(endedAt) : now_ms;
  const whole_ms = Math.max(1000, to_ms - from_ms);
  const share = (at_ms: number) => `${Math.min(100, Math.max(0, ((at_ms - from_ms) / whole_ms) * 100))}%`;
  const parts = segments.filter((segment) => segment.kind !== "offer");
  if (parts.length === 0) return null;
  return (
    <Card title={t("segments.title")}>
      <ol className={styles.segments}>
        {parts.map((segment) => {
          const begin_ms = Date.parse(segment.started_at);
          const end_ms = segment.ended_at ? Date.parse(segment.ended_at) : to_ms;
          return (
            <li key={`${segment.kind}${segment.started_at}`} className={styles.segment}>
              <span className={styles.name}>
                {segment.kind === "queue"
                  ? t("segments.queue", { queue: segment.queue_name })
                  : t(`segments.${segment.kind}`, { agent: segment.agent_name })}
              </span>
              <span className={styles.track} aria-hidden>
                <span
                  className={styles.bar}
                  data-kind={segment.kind}
                  style={{ left: share(begin_ms), right: `calc(100% - ${share(end_ms)})` }}
                />
              </span>
              <span className={styles.length}>
                <time dateTime={segment.started_at}>{formatTimeOfDay(segment.started_at, zone)}</time>
                {" · "}
                {formatDuration((end_ms - begin_ms) / 1000)}
                {segment.hold_s >= 1 && ` · ${t("segments.held", { time: formatDuration(segment.hold_s) })}`}
              </span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
