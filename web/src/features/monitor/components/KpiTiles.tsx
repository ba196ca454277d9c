import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import type { ContactsSearch } from "@/features/interactions";
import { dayOf } from "@/lib/days";
import { formatDuration, secondsSince } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { type Figures, formatShare, urgencyOf } from "../model/figures";
import { useTotal } from "../model/useTotal";
import { Defined } from "./Defined";
import styles from "./KpiTiles.module.css";

type Tone = "ready" | "acw" | "ring";

interface TileProps {
  name: string;
  definition: string;
  value: string;
  more: string;
  tone?: Tone | undefined;
  /** The contacts that the number counts. */
  contacts?: ContactsSearch;
}

function Tile({ name, definition, value, more, tone, contacts }: TileProps) {
  return (
    <li className={styles.tile}>
      <p className={styles.name}>
        <Defined definition={definition}>{name}</Defined>
      </p>
      <p className={styles.value} data-tone={tone}>
        {contacts ? (
          <Link to="/interactions" search={contacts} className={styles.drill}>
            {value}
          </Link>
        ) : (
          value
        )}
      </p>
      <p className={styles.more}>{more}</p>
    </li>
  );
}

const URGENCY_TONE = { calm: undefined, late: "acw", alarming: "ring" } as const;
const SERVICE_LEVEL_GOAL_PCT = 80;

/** Today in eight numbers, and the line now. */
export function KpiTiles({ figures, queue }: { figures: Figures; queue: number | undefined }) {
  const { t } = useTranslation("monitor");
  const zone = useTimeZone();
  const total = useTotal();
  const now_ms = useServerNow();
  const today = { from: dayOf(now_ms, zone), ...(queue !== undefined && { queue }) };
  const longest_s = secondsSince(figures.oldest_queued_at, now_ms);
  const target_s = figures.service_level_s ?? 20;
  const level_pct = figures.service_level_pct;
  const define = (name: keyof Figures) =>
    t(`definition.${name as "offered"}`, { seconds: figures.service_level_s ?? t("tile.eachTarget") });
  const asa_s = figures.average_speed_of_answer_s;
  return (
    <ul className={styles.tiles} aria-label={t("tile.label")}>
      <Tile
        name={t("figure.waiting")}
        definition={define("waiting")}
        value={String(figures.waiting)}
        more={
          figures.waiting > 0
            ? t("tile.longest", { time: formatDuration(longest_s) })
            : t("tile.ready", { ready: figures.agents_ready, all: figures.agents_signed_in })
        }
        tone={figures.waiting > 0 ? URGENCY_TONE[urgencyOf(longest_s, target_s)] : undefined}
      />
      <Tile
        name={
          figures.service_level_s === null
            ? t("figure.serviceLevelMixed")
            : t("figure.serviceLevel", { seconds: figures.service_level_s })
        }
        definition={define("service_level_pct")}
        value={formatShare(level_pct)}
        more={t("tile.goal", { goal: SERVICE_LEVEL_GOAL_PCT })}
        tone={level_pct === null ? undefined : level_pct >= SERVICE_LEVEL_GOAL_PCT ? "ready" : "acw"}
      />
      <Tile
        name={t("figure.offered")}
        definition={define("offered")}
        value={figures.offered.toLocaleString()}
        more={t("tile.today")}
        contacts={{ ...today, direction: "inbound" }}
      />
      <Tile
        name={t("figure.answered")}
        definition={define("answered")}
        value={figures.answered.toLocaleString()}
        more={t("tile.answerRate", { share: formatShare(figures.answer_rate_pct) })}
        contacts={{ ...today, direction: "inbound", outcome: "answered" }}
      />
      <Tile
        name={t("figure.abandoned")}
        definition={define("abandoned")}
        value={figures.abandoned.toLocaleString()}
        more={t("tile.lost", { count: figures.lost })}
        contacts={{ ...today, view: "missed_all" }}
      />
      <Tile
        name={t("figure.asa")}
        definition={define("average_speed_of_answer_s")}
        value={asa_s === null ? "–" : formatDuration(asa_s)}
        more={t("tile.mean")}
      />
      <Tile
        name={t("figure.talk")}
        definition={define("talk_s")}
        value={total(figures.talk_s)}
        more={t("tile.sum")}
      />
      <Tile
        name={t("figure.wrapUp")}
        definition={define("wrap_up_s")}
        value={total(figures.wrap_up_s)}
        more={t("tile.sum")}
      />
    </ul>
  );
}
