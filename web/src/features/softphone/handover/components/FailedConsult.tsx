import { Button } from "antd";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import { secondsSince } from "@/lib/time";
import type { InteractionRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { useCommand } from "../../model/useCommand";
import { useHandoverWords } from "../useHandoverWords";
import styles from "./ConsultCard.module.css";

/** How long it is told where nothing is left to be done: agent and customer speak with each other. */
const IN_SIGHT_S = 8;

/** In the place of the card of several parties: why the consultation is over, and the way back to the customer. */
export function FailedConsult({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("handover");
  const { ask, isBusy } = useCommand();
  const wordsOf = useHandoverWords();
  const now_ms = useServerNow();
  const failed = row.failed_handover;
  const isHeld = row.phase === "held";
  if (!failed || (!isHeld && secondsSince(failed.at, now_ms) > IN_SIGHT_S)) return null;
  const { name, why } = wordsOf(failed);
  return (
    <section className={styles.card} data-floating role="status" aria-label={t("failed.label")}>
      <div className={styles.asked}>
        <strong>
          {failed.word === "party_left"
            ? t("failed.left", { name })
            : failed.word === "lost"
              ? t("failed.lost", { name })
              : t("failed.consult", { name, why })}
        </strong>
        {isHeld && <span className={styles.quiet}>{t("failed.held")}</span>}
      </div>
      {isHeld && (
        <div className={styles.actions}>
          <Button
            type="primary"
            disabled={isBusy || Boolean(row.unseen_since) || Boolean(row.is_held_on_telephone)}
            icon={<Play size={16} />}
            onClick={() => void ask({ do: "Resume", interaction: row.id })}
          >
            {t("failed.resume")}
          </Button>
        </div>
      )}
    </section>
  );
}
