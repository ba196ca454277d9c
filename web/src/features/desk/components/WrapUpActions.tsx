import { Button } from "antd";
import { CircleCheck, Clock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { secondsUntil } from "@/lib/time";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import styles from "./WrapUpPanel.module.css";

interface Props {
  /** The agent's wrap-up time runs for this contact. */
  isWrappingUp: boolean;
  isComplete: boolean;
  isBusy: boolean;
  onExtend: () => void;
  /** null: only the form, as the agent's time for it is over. */
  onComplete: (thenReady: boolean | null) => void;
}

/** How a wrap-up ends: more time, done, done and ready; or, later, just done. */
export function WrapUpActions({ isWrappingUp, isComplete, isBusy, onExtend, onComplete }: Props) {
  const { t } = useTranslation("desk");
  if (isWrappingUp) {
    return (
      <footer className={styles.actions}>
        <TimeLeft />
        <Button disabled={isBusy} onClick={onExtend}>
          {t("wrapUp.extend")}
        </Button>
        <Button disabled={isBusy} onClick={() => onComplete(false)}>
          {t("wrapUp.complete")}
        </Button>
        <Button type="primary" loading={isBusy} onClick={() => onComplete(true)}>
          {t("wrapUp.completeReady")}
        </Button>
      </footer>
    );
  }
  return (
    <footer className={styles.actions}>
      {isComplete ? (
        <output className={styles.complete}>
          <CircleCheck size={16} aria-hidden /> {t("wrapUp.isComplete")}
        </output>
      ) : (
        <Button type="primary" loading={isBusy} onClick={() => onComplete(null)}>
          {t("wrapUp.complete")}
        </Button>
      )}
    </footer>
  );
}

function TimeLeft() {
  const { t } = useTranslation("desk");
  const now_ms = useServerNow();
  const until = useLive((live) => live.me?.until);
  if (!until) return null;
  const left_s = secondsUntil(until, now_ms);
  return (
    <output className={styles.left} data-urgent={left_s <= 10}>
      <Clock size={14} aria-hidden /> {t("wrapUp.left", { count: left_s })}
    </output>
  );
}
