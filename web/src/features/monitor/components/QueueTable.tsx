import { memo } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { formatDuration, secondsSince } from "@/lib/time";
import type { QueueRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { addUp, formatShare, promised, urgencyOf } from "../model/figures";
import { useTotal } from "../model/useTotal";
import { Defined } from "./Defined";
import styles from "./QueueTable.module.css";

interface Props {
  queues: readonly QueueRow[];
  chosen: number | undefined;
  onChoose: (queue: number | undefined) => void;
}

/** Today's figures of each queue; a queue's name narrows the whole page to it. */
export const QueueTable = memo(function QueueTable({ queues, chosen, onChoose }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const now_ms = useServerNow();
  const total = useTotal();
  const columns = [
    ["waiting", t("figure.waiting"), t("definition.waiting")],
    ["ready", t("figure.ready"), t("definition.ready")],
    ["offered", t("figure.offered"), t("definition.offered")],
    ["answered", t("figure.answered"), t("definition.answered")],
    ["abandoned", t("figure.abandoned"), t("definition.abandoned")],
    ["rate", t("figure.answerRate"), t("definition.answer_rate_pct")],
    [
      "level",
      t("figure.serviceLevelMixed"),
      t("definition.service_level_pct", { seconds: t("tile.eachTarget") }),
    ],
    ["asa", t("figure.asa"), t("definition.average_speed_of_answer_s")],
    [
      "expected",
      t("figure.expectedWait"),
      `${t("definition.expectedWait")} ${t("figure.estimatesKept")}: ${t("definition.estimatesKept")}`,
    ],
    ["talk", t("figure.talk"), t("definition.talk_s")],
    ["wrapUp", t("figure.wrapUp"), t("definition.wrap_up_s")],
  ] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard
    <section className={styles.scroll} aria-label={t("queues.label")} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("figure.queue")}</th>
            {columns.map(([key, name, definition]) => (
              <th key={key} scope="col">
                <Defined definition={definition}>{name}</Defined>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => {
            const figures = addUp([queue]);
            const wait_s = secondsSince(queue.oldest_queued_at, now_ms);
            return (
              <tr key={queue.id} className={queue.id === chosen ? styles.chosen : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.choose}
                    aria-pressed={queue.id === chosen}
                    onClick={() => onChoose(queue.id === chosen ? undefined : queue.id)}
                  >
                    {localName(queue, i18n.language)}
                  </button>
                </th>
                <td
                  data-urgency={queue.waiting > 0 ? urgencyOf(wait_s, queue.service_level_s) : undefined}
                  title={queue.waiting > 0 ? t("tile.longest", { time: formatDuration(wait_s) }) : undefined}
                >
                  {queue.waiting}
                  {queue.waiting > 0 && <small> {formatDuration(wait_s)}</small>}
                </td>
                <td>
                  {queue.agents_ready} / {queue.agents_signed_in}
                </td>
                <td>{queue.offered}</td>
                <td>{queue.answered}</td>
                <td>{queue.abandoned}</td>
                <td>{formatShare(figures.answer_rate_pct)}</td>
                <td>
                  {formatShare(figures.service_level_pct)}
                  <small> {t("queues.within", { seconds: queue.service_level_s })}</small>
                </td>
                <td>
                  {queue.average_speed_of_answer_s === null
                    ? "–"
                    : formatDuration(queue.average_speed_of_answer_s)}
                </td>
                <td title={t("queues.keptP50", { share: formatShare(queue.kept_p50_pct) })}>
                  {promised(queue) ?? "–"}
                  {queue.estimates > 0 && (
                    <small>
                      {" "}
                      {t("queues.kept", { share: formatShare(queue.kept_p90_pct), count: queue.estimates })}
                    </small>
                  )}
                </td>
                <td>{total(queue.talk_s)}</td>
                <td>{total(queue.wrap_up_s)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
});
