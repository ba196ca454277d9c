import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Pop } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { formatTimeOfDay } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import styles from "./Known.module.css";

/** What the caller said before anybody took the call: the words, what was asked, as what they were understood. */
export function SaidInFlow({ said }: { said: Pop["said"] }) {
  const { t } = useTranslation("known");
  const zone = useTimeZone();
  const heading = useId();
  if (said.length === 0) return null;
  return (
    <section aria-labelledby={heading}>
      {/* no heading: it stands above the pane's own, whose levels begin after it */}
      <p id={heading} className={styles.heading}>
        <strong>{t("said")}</strong>
      </p>
      <ol className={styles.said}>
        {said.map(({ at, words, step, asked, choice }) => (
          <li key={`${at} ${words}`}>
            <p className={styles.saidHead}>
              <q>{words}</q>
              {choice && <StatusTag tone="ready">{choice}</StatusTag>}
            </p>
            <p className={styles.minor}>
              <time dateTime={at}>{formatTimeOfDay(at, zone)}</time>{" "}
              {[step, asked].filter(Boolean).join(" · ")}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
