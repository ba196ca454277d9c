import { useQuery } from "@tanstack/react-query";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import type { AgentRow, InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useColleague } from "@/live/useColleague";
import { useServerNow } from "@/live/useServerNow";
import { useTelephone } from "@/telephone/telephone";
import { telephone } from "../model/telephone-of-this-tab";
import { useCommand } from "../model/useCommand";
import { useHangUp } from "../model/useHangUp";
import styles from "./MiniWindow.module.css";
import { useMiniWindow } from "./window";

interface Props {
  me: AgentRow | null;
  call: InteractionRow | null;
  offered: InteractionRow | null;
  isAnsweredHere: boolean;
  onAnswer: () => void;
  onReject: () => void;
}

/** State, who rings and who is on the line, above all other windows. What needs more room is done at the desk. */
export function MiniWindow({ me, call, offered, isAnsweredHere, onAnswer, onReject }: Props) {
  const { t } = useTranslation("softphone");
  const now_ms = useServerNow();
  const opened = useMiniWindow((state) => state.opened);
  if (!opened || !me) return null;
  const row = offered ?? call;
  return createPortal(
    <main className={styles.window} data-ringing={offered !== null}>
      <h1 className="visually-hidden">{t("mini.title")}</h1>
      <p className={styles.state} data-state={me.state}>
        <strong>{t(`state.${me.state}`)}</strong>
        {me.since && <span className="numbers">{formatDuration(secondsSince(me.since, now_ms))}</span>}
      </p>
      {row ? <Caller row={row} /> : <p className={styles.quiet}>{t("mini.nobody")}</p>}
      {offered && isAnsweredHere && (
        <div className={styles.actions}>
          <button type="button" className={styles.answer} onClick={onAnswer}>
            {t("offer.answer")}
          </button>
          <button type="button" onClick={onReject}>
            {t("offer.reject")}
          </button>
        </div>
      )}
      {call && !offered && <CallActions row={call} />}
    </main>,
    opened.document.body,
  );
}

function Caller({ row }: { row: InteractionRow }) {
  const { t, i18n } = useTranslation("softphone");
  const queue = useLive((state) => state.queues).find((each) => each.id === row.queue);
  const pop = useQuery(popQuery(row.id)).data;
  const colleague = useColleague(row);
  const number = formatNumber(pop?.masked ?? row.customer_number ?? "") || t("call.hiddenNumber");
  const customer = pop?.matches.length === 1 ? pop.matches[0]?.customer.name : undefined;
  return (
    <p className={styles.caller}>
      <strong>{colleague ?? customer ?? number}</strong>
      <span>
        {[customer && number, queue && localName(queue, i18n.language)].filter(Boolean).join(" · ")}
      </span>
    </p>
  );
}

function CallActions({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("softphone");
  const { ask, isBusy } = useCommand();
  const { hangUp, isHangingUp } = useHangUp(row);
  const isMuted = useTelephone((state) => state.isMuted);
  const hasLine = useTelephone((state) => state.call?.phase === "talking");
  const isHeld = row.phase === "held";
  const isTalking = row.phase === "talking" || isHeld;
  return (
    <div className={styles.actions}>
      <button
        type="button"
        disabled={!hasLine}
        aria-pressed={isMuted}
        onClick={() => telephone.setMuted(!isMuted)}
      >
        {t(isMuted ? "call.muted" : "call.mute")}
      </button>
      {row.consult === null && (
        <button
          type="button"
          disabled={!isTalking || isBusy || (isHeld && row.is_held_on_telephone)}
          title={isHeld && row.is_held_on_telephone ? t("call.heldThere") : undefined}
          aria-pressed={isHeld}
          onClick={() => void ask({ do: isHeld ? "Resume" : "Hold", interaction: row.id })}
        >
          {t(isHeld ? "call.held" : "call.hold")}
        </button>
      )}
      <button type="button" className={styles.hangUp} disabled={isHangingUp} onClick={() => void hangUp()}>
        {t("call.hangUp")}
      </button>
    </div>
  );
}
