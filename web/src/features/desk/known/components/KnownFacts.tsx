import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Pop } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { formatShortInstant } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import styles from "./Known.module.css";

type Match = Pop["matches"][number];
type MatterRow = Match["open"][number];

const TONES: Record<Match["badges"][number]["tone"], Tone> = {
  good: "ready",
  warning: "acw",
  danger: "ring",
  neutral: "off",
};

/** What is known before the first word: marks, products, what is open and what was solved. Says nothing where nothing is known. */
export function KnownFacts({ match }: { match: Match }) {
  const { t } = useTranslation("known");
  const { badges, products, mood, open, solved } = match;
  return (
    <div className={styles.known}>
      {badges.length > 0 && (
        <ul className={styles.badges} aria-label={t("badges")}>
          {badges.map((badge) => (
            <li key={badge.code} title={badge.hint}>
              <StatusTag tone={TONES[badge.tone]}>{badge.name}</StatusTag>
            </li>
          ))}
        </ul>
      )}
      {mood && (
        <p>
          {t("mood", { score: mood.score, best: mood.best })}
          {mood.words && <span className={styles.minor}> {mood.words}</span>}
        </p>
      )}
      {products.length > 0 && (
        <section>
          <h3 className={styles.heading}>{t("products")}</h3>
          <p>{products.join(" · ")}</p>
        </section>
      )}
      <Matters title={t("open", { count: open.length })} matters={open} />
      <Matters title={t("solved", { count: solved.length })} matters={solved} />
    </div>
  );
}

function Matters({ title, matters }: { title: string; matters: readonly MatterRow[] }) {
  if (matters.length === 0) return null;
  return (
    <section>
      <h3 className={styles.heading}>{title}</h3>
      <ul className={styles.matters}>
        {matters.map((matter) => (
          <li key={`${matter.kind} ${matter.id}`}>
            <Matter matter={matter} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Matter({ matter }: { matter: MatterRow }) {
  const { t } = useTranslation("known");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const content = (
    <>
      <span className={styles.matterHead}>
        <strong>{matter.title || t("untitled")}</strong>
        <span className={styles.minor}>{formatShortInstant(matter.at, zone, now_ms)}</span>
      </span>
      {matter.contacts > 1 && (
        <span className={styles.minor}>{t("contacts", { count: matter.contacts })} </span>
      )}
      {matter.due_at && (
        <span className={styles.minor}>
          {t("due", { time: formatShortInstant(matter.due_at, zone, now_ms) })}
        </span>
      )}
      {matter.note && <span className={styles.note}>{matter.note}</span>}
    </>
  );
  if (matter.kind !== "contact")
    return (
      <div className={styles.matter} data-open={matter.is_open}>
        {content}
      </div>
    );
  return (
    <Link
      to="/interactions/$interaction"
      params={{ interaction: matter.id }}
      className={styles.matter}
      data-open={matter.is_open}
    >
      {content}
    </Link>
  );
}
