import { Button, Popover, Tooltip } from "antd";
import { ArrowRightLeft, Grid3x3, Mic, MicOff, Pause, PhoneOff, Play } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePrintedKeys } from "@/lib/shortcuts";
import { useShortcutActions } from "@/lib/useHotkeys";
import type { InteractionRow } from "@/live/messages";
import { useTelephone } from "@/telephone/telephone";
import { telephone } from "../model/telephone-of-this-tab";
import { useCommand } from "../model/useCommand";
import { useHangUp } from "../model/useHangUp";
import { BarToggle, withKeys } from "./BarToggle";
import styles from "./CallBar.module.css";
import { CallSummary } from "./CallSummary";

const Keypad = lazy(async () => ({ default: (await import("./Keypad")).Keypad }));
const CallBackButton = lazy(async () => ({
  default: (await import("../deferred/CallBackButton")).CallBackButton,
}));
const InviteButton = lazy(async () => ({
  default: (await import("../deferred/InviteButton")).InviteButton,
}));
const TransferPanel = lazy(async () => ({
  default: (await import("../handover/components/TransferPanel")).TransferPanel,
}));

/** The running call: who, where from, how long; and what can be done with it. */
export function CallBar({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("softphone");
  const { ask, isBusy } = useCommand();
  const isMuted = useTelephone((state) => state.isMuted);
  const hasLine = useTelephone((state) => state.call?.phase === "talking");
  const [isTransferOpen, setTransferOpen] = useState(false);
  const [isKeypadOpen, setKeypadOpen] = useState(false);
  const isHeld = row.phase === "held";
  const isHeldThere = isHeld && Boolean(row.is_held_on_telephone);
  const isTalking = (row.phase === "talking" || isHeld) && !row.lacks_customer;
  const isInSight = !row.unseen_since; // else only Asterisk could do it, and is not reached
  const isAlone = row.consult === null; // with a second party on the line its card says what can be done

  const toggleMute = () => telephone.setMuted(!useTelephone.getState().isMuted);
  const toggleHold = () => void ask({ do: isHeld ? "Resume" : "Hold", interaction: row.id });
  const { hangUp, isHangingUp } = useHangUp(row);
  const transferKeys = usePrintedKeys("transfer");
  const hangUpKeys = usePrintedKeys("hangUp");
  useShortcutActions({
    mute: () => hasLine && toggleMute(),
    hold: () => isTalking && isAlone && !isHeldThere && toggleHold(),
    transfer: () => isTalking && isAlone && setTransferOpen(true),
    hangUp: () => void hangUp(),
  });

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
      <BarToggle
        isOn={isMuted}
        isDisabled={!hasLine}
        on={t("call.muted")}
        off={t("call.mute")}
        action="mute"
        icon={isMuted ? <MicOff size={18} /> : <Mic size={18} />}
        onToggle={toggleMute}
      />
      {row.lacks_customer && (
        <Suspense fallback={null}>
          <CallBackButton row={row} />
        </Suspense>
      )}
      {isAlone && (
        <BarToggle
          isOn={isHeld}
          isDisabled={!isTalking || isBusy || !isInSight || isHeldThere}
          on={t("call.held")}
          off={t("call.hold")}
          action="hold"
          icon={isHeld ? <Play size={18} /> : <Pause size={18} />}
          onToggle={toggleHold}
        />
      )}
      {isHeldThere && (
        <span className={styles.heldThere} role="status">
          {t("call.heldThere")}
        </span>
      )}
      <Popover
        trigger="click"
        open={isTransferOpen}
        onOpenChange={setTransferOpen}
        destroyOnHidden
        content={
          <Suspense fallback={<span className={styles.unfolding} />}>
            <TransferPanel row={row} onDone={() => setTransferOpen(false)} />
          </Suspense>
        }
      >
        <Tooltip title={isTransferOpen ? "" : withKeys(t("call.transfer"), transferKeys)}>
          <Button
            type="text"
            shape="circle"
            disabled={!isTalking || !isAlone || !isInSight}
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
            disabled={!isTalking || !isInSight}
            icon={<Grid3x3 size={18} />}
            aria-label={t("call.keypad")}
          />
        </Tooltip>
      </Popover>
      {row.may_invite && isTalking && isAlone && isInSight && (
        <Suspense fallback={null}>
          <InviteButton row={row} />
        </Suspense>
      )}
      <Tooltip title={hangUpKeys}>
        <Button
          type="primary"
          danger
          shape="round"
          icon={<PhoneOff size={16} />}
          onClick={() => void hangUp()}
          loading={isHangingUp}
        >
          {t("call.hangUp")}
        </Button>
      </Tooltip>
    </section>
  );
}
