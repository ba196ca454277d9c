import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import type { FollowUp } from "../model/queries";
import styles from "./Entry.module.css";

const TONES = { planned: "acw", done: "ready", cancelled: "off" } as const;

/** Something to do, or what came of it. */
export function FollowUpEntry({ followUp, at }: { followUp: FollowUp; at: string }) {
  const { t } = useTranslation("timeline");
  const zone = useTimeZone();
  const facts = [
    followUp.owner && t("followUp.owner", { name: followUp.owner.name }),
    t("followUp.due", { time: formatInstant(followUp.due_at, zone) }),
  ].filter(Boolean);
  return (
    <>
      <p className={styles.line}>
        <time dateTime={at} className={styles.when}>
          {formatInstant(at, zone).slice(11)}
        </time>
        <strong>{followUp.subject}</strong>
        <StatusTag tone={TONES[followUp.state]}>{t(`followUp.state.${followUp.state}`)}</StatusTag>
        {followUp.outcome && <StatusTag tone="off">{t(`followUp.outcome.${followUp.outcome}`)}</StatusTag>}
        {followUp.anchor_on && <StatusTag tone="break">{t("followUp.care")}</StatusTag>}
      </p>
      <p className={styles.facts}>{facts.join(" · ")}</p>
      {followUp.result && <p className={styles.text}>{followUp.result}</p>}
    </>
  );
}
