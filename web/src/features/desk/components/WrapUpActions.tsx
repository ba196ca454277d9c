import { Button } from "antd";
import { CircleCheck, Clock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatDuration, secondsSince, secondsUntil } from "@/lib/time";
import type { WrapUpRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import styles from "./WrapUpPanel.module.css";

interface Props {
  /** The agent's wrap-up time runs for this contact. */
  isWrappingUp: boolean;
  isComplete: boolean;
  /** More time is being asked for. */
  isBusy: boolean;
  isCompleting: boolean;
  /** What is left of the queue's rule for it. */
  work: WrapUpRow | null;
  onExtend: () => void;
  onTake: () => void;
  /** null: only the form, as the agent's time for it is over. */
  onComplete: (thenReady: boolean | null) => void;
}

/** How a wrap-up ends: more time, done, done and ready; or, later, just done. */
export function WrapUpActions({
  isWrappingUp,
  isComplete,
  isBusy,
  isCompleting,
  work,
  onExtend,
  onTake,
  onComplete,
}: Props) {
  const { t } = useTranslation("desk");
  const restsNext = useLive((live) => live.me?.rest?.stage === "granted");
  if (isWrappingUp) {
    return (
      <footer className={styles.actions}>
        <TimeLeft />
        {(!work || work.mode === "extendable") && (
          <Button disabled={isBusy || isCompleting || work?.extensions_left === 0} onClick={onExtend}>
            {work ? t("wrapUp.extendLeft", { count: work.extensions_left }) : t("wrapUp.extend")}
          </Button>
        )}
        <Button disabled={isCompleting} onClick={() => onComplete(false)}>
          {t("wrapUp.complete")}
        </Button>
        <Button type="primary" loading={isCompleting} onClick={() => onComplete(true)}>
          {t(restsNext ? "wrapUp.completeRest" : "wrapUp.completeReady")}
        </Button>
      </footer>
    );
  }
  return (
    <footer className={styles.actions}>
      <Offered work={work} isBusy={isBusy || isCompleting} onTake={onTake} />
      {isComplete ? (
        <output className={styles.complete}>
          <CircleCheck size={16} aria-hidden /> {t("wrapUp.isComplete")}
        </output>
      ) : (
        <Button type="primary" loading={isCompleting} onClick={() => onComplete(null)}>
          {t("wrapUp.complete")}
        </Button>
      )}
    </footer>
  );
}

/** Where the queue leaves the wrap-up to the agent: begin it, as long as that may be. */
function Offered({ work, isBusy, onTake }: Pick<Props, "work" | "isBusy" | "onTake">) {
  const { t } = useTranslation("desk");
  const left_s = secondsUntil(work?.until, useServerNow());
  if (work?.mode !== "optional" || left_s <= 0) return null;
  return (
    <Button disabled={isBusy} onClick={onTake}>
      {t("wrapUp.take", { time: formatDuration(left_s) })}
    </Button>
  );
}

function TimeLeft() {
  const { t } = useTranslation("desk");
  const now_ms = useServerNow();
  const me = useLive((live) => live.me);
  const until = me?.until;
  if (!until && me?.wrap_up?.mode === "mandatory")
    return (
      <output className={styles.left} title={t("wrapUp.mandatory")}>
        <Clock size={14} aria-hidden />{" "}
        {t("wrapUp.taken", { time: formatDuration(secondsSince(me.since, now_ms)) })} ·{" "}
        {t("wrapUp.mandatory")}
      </output>
    );
  if (!until) return null;
  const left_s = secondsUntil(until, now_ms);
  return (
    <output className={styles.left} data-urgent={left_s <= 10}>
      <Clock size={14} aria-hidden /> {t("wrapUp.left", { count: left_s })}
    </output>
  );
}
