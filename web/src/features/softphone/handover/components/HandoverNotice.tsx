import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { noticeOf, takenOverBy } from "../model";
import { useHandoverWords } from "../useHandoverWords";
import styles from "./HandoverNotice.module.css";

/** Above the contact: the note of who handed it on, as long as it is worked; what became of it without its agent. */
export function HandoverNotice({ row }: { row: InteractionRow }) {
  const me = useLive((state) => state.me?.id);
  switch (noticeOf(row, me)) {
    case "disconnected":
      return <LeadsAct words="disconnected" />;
    case "takenOver":
      return <LeadsAct words="takenOver" by={takenOverBy(row, me)} />;
    case "failed":
      return <FailedTransfer row={row} />;
    case "handed":
      return <HandedOn row={row} isOwn={row.from_agent === me} />;
    case null:
      return null;
  }
}

/** Else the line seems to have broken. */
function LeadsAct({ words, by = null }: { words: "disconnected" | "takenOver"; by?: number | null }) {
  const { t } = useTranslation("handover");
  const name = useLive((state) => state.colleagues.find((each) => each.id === by)?.name);
  return (
    <section className={styles.notice} role="status">
      <strong>{t(words, { name: name ?? t("lead") })}</strong>
    </section>
  );
}

function HandedOn({ row, isOwn }: { row: InteractionRow; isOwn: boolean }) {
  const { t } = useTranslation("handover");
  const from = useLive((state) => state.colleagues.find((each) => each.id === row.from_agent)?.name);
  const words = isOwn ? t("ownNote") : t("handed", { name: from ?? "" });
  return (
    <section className={styles.notice} aria-label={words}>
      <strong>{words}</strong>
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
