import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Popover, Tooltip } from "antd";
import { ArrowRightLeft, Grid3x3, Mic, MicOff, Pause, Phone, PhoneOff, Play } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import { useHotkeys } from "@/lib/useHotkeys";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { useTelephone } from "@/telephone/telephone";
import { telephone } from "../model/telephone-of-this-tab";
import { useCommand } from "../model/useCommand";
import styles from "./CallBar.module.css";

const Keypad = lazy(async () => ({ default: (await import("./Keypad")).Keypad }));
const TransferPanel = lazy(async () => ({ default: (await import("./TransferPanel")).TransferPanel }));

/** The running call: who, where from, how long; and what can be done with it. */
export function CallBar({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("softphone");
  const { ask, isBusy } = useCommand();
  const isMuted = useTelephone((state) => state.isMuted);
  const hasLine = useTelephone((state) => state.call?.phase === "talking");
  const [isTransferOpen, setTransferOpen] = useState(false);
  const [isKeypadOpen, setKeypadOpen] = useState(false);
  const isHeld = row.phase === "held";
  const isTalking = row.phase === "talking" || isHeld;

  const toggleMute = () => telephone.setMuted(!useTelephone.getState().isMuted);
  const toggleHold = () => void ask({ do: isHeld ? "Resume" : "Hold", interaction: row.id });
  const hangUp = async () => {
    const isDone = await ask({ do: "HangUp", interaction: row.id });
    if (!isDone) telephone.endHere();
  };
  useHotkeys([
    { code: "KeyM", alt: true, whileTyping: true, act: () => hasLine && toggleMute() },
    { code: "KeyH", alt: true, whileTyping: true, act: () => isTalking && toggleHold() },
    { code: "KeyT", alt: true, whileTyping: true, act: () => isTalking && setTransferOpen(true) },
    { code: "F9", whileTyping: true, act: () => void hangUp() },
  ]);

  return (
    <section className={styles.bar} aria-label={t("call.label")} data-held={isHeld}>
      <CallSummary row={row} />
      {row.is_recording && (
        <span
          className={styles.recording}
          role="img"
          aria-label={t("call.recording")}
          title={t("call.recording")}
        >
          REC
        </span>
      )}
      <Toggle
        isOn={isMuted}
        isDisabled={!hasLine}
        on={t("call.muted")}
        off={t("call.mute")}
        keys="Alt M"
        icon={isMuted ? <MicOff size={18} /> : <Mic size={18} />}
        onToggle={toggleMute}
      />
      <Toggle
        isOn={isHeld}
        isDisabled={!isTalking || isBusy}
        on={t("call.held")}
        off={t("call.hold")}
        keys="Alt H"
        icon={isHeld ? <Play size={18} /> : <Pause size={18} />}
        onToggle={toggleHold}
      />
      <Popover
        trigger="click"
        open={isTransferOpen}
        onOpenChange={setTransferOpen}
        destroyOnHidden
        content={
          <Suspense fallback={<span className={styles.unfolding} />}>
            <TransferPanel interaction={row.id} onDone={() => setTransferOpen(false)} />
          </Suspense>
        }
      >
        <Tooltip title={isTransferOpen ? "" : `${t("call.transfer")} (Alt T)`}>
          <Button
            type="text"
            shape="circle"
            disabled={!isTalking}
            icon={<ArrowRightLeft size={18} />}
            aria-label={t("call.transfer")}
          />
        </Tooltip>
      </Popover>
      <Popover
        trigger="click"
        open={isKeypadOpen}
        onOpenChange={setKeypadOpen}
        destroyOnHidden
        content={
          <Suspense fallback={<span className={styles.unfolding} />}>
            <Keypad onDigit={(digits) => void ask({ do: "SendDigits", interaction: row.id, digits })} />
          </Suspense>
        }
      >
        <Tooltip title={isKeypadOpen ? "" : t("call.keypad")}>
          <Button
            type="text"
            shape="circle"
            disabled={!isTalking}
            icon={<Grid3x3 size={18} />}
            aria-label={t("call.keypad")}
          />
        </Tooltip>
      </Popover>
      <Tooltip title="F9">
        <Button
          type="primary"
          danger
          shape="round"
          icon={<PhoneOff size={16} />}
          onClick={() => void hangUp()}
          loading={isBusy}
        >
          {t("call.hangUp")}
        </Button>
      </Tooltip>
    </section>
  );
}

function CallSummary({ row }: { row: InteractionRow }) {
  const { t, i18n } = useTranslation("softphone");
  const now_ms = useServerNow();
  const queues = useLive((state) => state.queues);
  const pop = useQuery(popQuery(row.id)).data;
  const queue = queues.find((each) => each.id === row.queue);
  const number = pop?.masked ?? row.customer_number;
  const customer = pop?.matches.length === 1 ? pop.matches[0]?.customer.name : undefined;
  const shown = number ? formatNumber(number) : t("call.hiddenNumber");
  const start = row.phase === "held" ? row.held_since : (row.answered_at ?? row.started_at);
  return (
    <Link to="/desk/c/$interaction" params={{ interaction: row.id }} className={styles.summary}>
      <Phone size={16} aria-hidden />
      <span className={styles.lines}>
        <strong className={styles.who}>{customer ? `${customer} · ${shown}` : shown}</strong>
        <span className={styles.what}>
          {t(`phase.${row.phase}`)}{" "}
          <span className="numbers">{formatDuration(secondsSince(start, now_ms))}</span>
          {queue ? ` · ${localName(queue, i18n.language)}` : ""}
        </span>
      </span>
    </Link>
  );
}

interface ToggleProps {
  isOn: boolean;
  isDisabled: boolean;
  on: string;
  off: string;
  keys: string;
  icon: ReactNode;
  onToggle: () => void;
}

/** A switch whose colour and word both say that it is on. */
function Toggle({ isOn, isDisabled, on, off, keys, icon, onToggle }: ToggleProps) {
  return (
    <Tooltip title={`${isOn ? on : off} (${keys})`}>
      <Button
        type="text"
        shape={isOn ? "round" : "circle"}
        className={isOn ? (styles.on ?? "") : ""}
        disabled={isDisabled}
        icon={icon}
        aria-label={off}
        aria-pressed={isOn}
        onClick={onToggle}
      >
        {isOn ? on : null}
      </Button>
    </Tooltip>
  );
}
