import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { formatDuration } from "@/lib/time";
import { Card } from "@/ui/Page";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import type { Queue } from "../model/api";
import styles from "./Rehearsal.module.css";
import type { Outcome, Rehearsal } from "./resources";
import { useRehearsalWords } from "./useRehearsalWords";

const TONES: Record<string, Tone> = { chosen: "ready", next: "ready", later: "acw", busy: "talk" };

interface Props {
  title: string;
  rehearsal: Rehearsal;
  outcome: Outcome;
  queues: readonly Queue[];
}

/** One decision: who would be asked and why, who not and why not, what comes later. */
export function OutcomeCard({ title, rehearsal, outcome, queues }: Props) {
  const { t, i18n } = useTranslation(["rehearsal", "admin"]);
  const words = useRehearsalWords(rehearsal);
  const queueName = (id: number) => {
    const queue = queues.find((one) => one.id === id);
    return queue ? localName(queue, i18n.language) : String(id);
  };
  return (
    <Card title={title}>
      <p className={styles.verdict}>{words.verdict(outcome)}</p>
      <ul className={styles.facts}>
        {words.facts(outcome).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <h3 className={styles.part}>{t("agents.title")}</h3>
      {outcome.agents.length === 0 && <p className={styles.minor}>{t("agents.nobody")}</p>}
      <ul className={styles.rows}>
        {outcome.agents.map((one) => (
          <li key={one.agent} className={styles.row}>
            <span>
              {one.name} <span className={styles.minor}>{words.whyNot(one)}</span>
            </span>
            <StatusTag tone={TONES[one.verdict] ?? "off"}>
              {t(`verdict.${one.verdict as "chosen"}`, { defaultValue: one.verdict })}
            </StatusTag>
          </li>
        ))}
      </ul>
      <h3 className={styles.part}>{t("rings.title")}</h3>
      <ul className={styles.rows}>
        {outcome.rings.map((ring) => (
          <li key={ring.after_s} className={styles.row}>
            <span>
              {ring.after_s === 0
                ? t("rings.atOnce")
                : t("rings.after", { time: formatDuration(ring.after_s) })}
              {t("colon")}
              {ring.queues.map(queueName).join(t("comma"))}
              {Object.entries(ring.skills).map(([skill, level]) => ` · ${skill} ≥${level}`)}
            </span>
            <span className={styles.minor}>{t("rings.able", { count: ring.able, ready: ring.ready })}</span>
          </li>
        ))}
      </ul>
      <h3 className={styles.part}>{t("steps.title")}</h3>
      <ul className={styles.rows}>
        {outcome.steps.map((step, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a chain is its order
          <li key={number} className={styles.row}>
            <span className={step.is_reached ? undefined : styles.gone}>
              {words.step(step)}
              {step.queue != null && ` ${queueName(step.queue)}`}
            </span>
            <span className={styles.minor}>{words.when(step)}</span>
          </li>
        ))}
        <li className={styles.row}>
          <span>{t("steps.maxWait")}</span>
          <span className={styles.minor}>{formatDuration(outcome.max_wait_s)}</span>
        </li>
      </ul>
    </Card>
  );
}
