import { Button } from "antd";
import { Phone, PhoneOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOffer } from "@/features/softphone/model/telephone-of-this-tab";
import { useCommand } from "@/features/softphone/model/useCommand";
import { useRinging } from "@/features/softphone/model/useRinging";
import { secondsUntil } from "@/lib/time";
import type { InteractionRow, OfferRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { Caller, useCaller } from "./Caller";
import styles from "./Embedding.module.css";

interface Props {
  row: InteractionRow;
  offer: OfferRow;
  /** A SIP telephone on the table rings: it is answered there. */
  isAnsweredHere: boolean;
}

/** A call that rings for this agent. */
export function OfferPanel({ row, offer, isAnsweredHere }: Props) {
  const { t } = useTranslation(["embedding", "softphone"]);
  const { ask, attempt } = useCommand();
  const [isAnswering, setAnswering] = useState(false);
  const now_ms = useServerNow();
  const { name, number } = useCaller(row);
  useRinging({
    title: t("softphone:offer.title"),
    body: [name, number].filter(Boolean).join(" · "),
    tag: offer.offer,
    queue: row.queue,
  });
  const answer = async () => {
    setAnswering(true);
    await attempt(() => answerOffer(offer.offer));
    setAnswering(false);
  };
  return (
    <section className={styles.offer} role="alert" aria-label={t("softphone:offer.title")}>
      <p className={styles.head}>
        <strong>{t("softphone:offer.title")}</strong>
        <span className="numbers">
          {t("softphone:offer.left", { seconds: secondsUntil(offer.expires_at, now_ms) })}
        </span>
      </p>
      <Caller row={row} />
      {isAnsweredHere ? (
        <div className={styles.actions}>
          <Button
            type="primary"
            size="large"
            className={styles.answer ?? ""}
            icon={<Phone size={18} />}
            loading={isAnswering}
            onClick={() => void answer()}
          >
            {t("softphone:offer.answer")}
          </Button>
          <Button
            size="large"
            icon={<PhoneOff size={18} />}
            disabled={isAnswering}
            onClick={() => void ask({ do: "RejectOffer", offer: offer.offer })}
          >
            {t("softphone:offer.reject")}
          </Button>
        </div>
      ) : (
        <p className={styles.quiet}>{t("onTelephone")}</p>
      )}
    </section>
  );
}
