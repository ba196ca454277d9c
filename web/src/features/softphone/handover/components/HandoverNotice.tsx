import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { isToldAfterwards, wasHandedTo } from "../model";
import { useHandoverWords } from "../useHandoverWords";
import styles from "./HandoverNotice.module.css";

/** Above the contact: the note of who handed it on, as long as it is worked; what became of it without its agent. */
export function HandoverNotice({ row }: { row: InteractionRow }) {
  const me = useLive((state) => state.me?.id);
  if (row.phase === "ended" && row.end_reason === "disconnected") return <Disconnected />;
  if (isToldAfterwards(row, me)) return <FailedTransfer row={row} />;
  return wasHandedTo(row, me) ? <HandedOn row={row} /> : null;
}

function Disconnected() {
  const { t } = useTranslation("handover");
  return (
    <section className={styles.notice} role="status">
      <strong>{t("disconnected")}</strong>
    </section>
  );
}

function HandedOn({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("handover");
  const from = useLive((state) => state.colleagues.find((each) => each.id === row.from_agent)?.name);
  return (
    <section className={styles.notice} aria-label={t("handed", { name: from ?? "" })}>
      <strong>{t("handed", { name: from ?? "" })}</strong>
      {row.note && <p className={styles.note}>{row.note}</p>}
    </section>
  );
}

function FailedTransfer({ row }: { row: InteractionRow }) {
  const { t, i18n } = useTranslation("handover");
  const wordsOf = useHandoverWords();
  const queue = useLive((state) => state.queues.find((each) => each.id === row.queue));
  if (!row.failed_handover) return null;
  const { name, why } = wordsOf(row.failed_handover);
  return (
    <section className={styles.notice} data-failed role="status" aria-label={t("failed.label")}>
      <strong>{t("failed.transfer", { name, why })}</strong>
      {row.phase === "ended" ? (
        <p className={styles.note}>{t("failed.ended")}</p>
      ) : (
        queue && (
          <p className={styles.note}>{t("failed.queued", { queue: localName(queue, i18n.language) })}</p>
        )
      )}
    </section>
  );
}
