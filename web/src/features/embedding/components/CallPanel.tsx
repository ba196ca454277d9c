import { Button } from "antd";
import { ArrowRightLeft, Grid3x3, type LucideIcon, Mic, MicOff, Pause, PhoneOff, Play } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { roleIn } from "@/features/softphone/handover/model";
import { telephone } from "@/features/softphone/model/telephone-of-this-tab";
import { useCommand } from "@/features/softphone/model/useCommand";
import { useHangUp } from "@/features/softphone/model/useHangUp";
import type { AgentRow, InteractionRow } from "@/live/messages";
import { useTelephone } from "@/telephone/telephone";
import { Caller } from "./Caller";
import styles from "./Embedding.module.css";

const Keypad = lazy(async () => ({
  default: (await import("@/features/softphone/components/Keypad")).Keypad,
}));
const TransferPanel = lazy(async () => ({
  default: (await import("@/features/softphone/handover/components/TransferPanel")).TransferPanel,
}));
const ConsultCard = lazy(async () => ({
  default: (await import("@/features/softphone/handover/components/ConsultCard")).ConsultCard,
}));

/** The running call, and what can be done with it. */
export function CallPanel({ row, me }: { row: InteractionRow; me: AgentRow }) {
  const { t } = useTranslation(["softphone", "embedding"]);
  const { ask, isBusy } = useCommand();
  const isMuted = useTelephone((state) => state.isMuted);
  const hasLine = useTelephone((state) => state.call?.phase === "talking");
  const [unfolded, setUnfolded] = useState<"keypad" | "transfer" | null>(null);
  const unfold = (what: "keypad" | "transfer") => setUnfolded((now) => (now === what ? null : what));
  const isHeld = row.phase === "held";
  const isHeldThere = isHeld && Boolean(row.is_held_on_telephone);
  const isTalking = row.phase === "talking" || isHeld;
  const isAlone = row.consult === null;
  const role = roleIn(row, me.id);
  const { hangUp, isHangingUp } = useHangUp(row);
  return (
    <section className={styles.call} aria-label={t("call.label")} data-held={isHeld}>
      <Caller row={row} />
      <div className={styles.actions}>
        <Toggle
          icon={isMuted ? MicOff : Mic}
          label={t(isMuted ? "call.muted" : "call.mute")}
          isOn={isMuted}
          isDisabled={!hasLine}
          onClick={() => telephone.setMuted(!isMuted)}
        />
        {isAlone && (
          <Toggle
            icon={isHeld ? Play : Pause}
            label={t(isHeld ? "call.held" : "call.hold")}
            isOn={isHeld}
            isDisabled={!isTalking || isBusy || isHeldThere}
            onClick={() => void ask({ do: isHeld ? "Resume" : "Hold", interaction: row.id })}
          />
        )}
        <Toggle
          icon={Grid3x3}
          label={t("call.keypad")}
          isOn={unfolded === "keypad"}
          isDisabled={!isTalking}
          onClick={() => unfold("keypad")}
        />
        <Toggle
          icon={ArrowRightLeft}
          label={t("call.transfer")}
          isOn={unfolded === "transfer"}
          isDisabled={!isTalking || !isAlone}
          onClick={() => unfold("transfer")}
        />
      </div>
      {isHeldThere && (
        <p className={styles.quiet} role="status">
          {t("call.heldThere")}
        </p>
      )}
      <Button
        type="primary"
        danger
        block
        size="large"
        icon={<PhoneOff size={18} />}
        loading={isHangingUp}
        onClick={() => void hangUp()}
      >
        {t("call.hangUp")}
      </Button>
      <Suspense>
        {unfolded === "keypad" && isTalking && (
          <div className={styles.unfolded}>
            <Keypad onDigit={(digits) => void ask({ do: "SendDigits", interaction: row.id, digits })} />
          </div>
        )}
        {unfolded === "transfer" && isTalking && isAlone && (
          <div className={styles.unfolded}>
            <TransferPanel row={row} onDone={() => setUnfolded(null)} />
          </div>
        )}
        {role && row.consult && (
          <ConsultCard row={row} consult={row.consult} role={role} isFloating={false} />
        )}
      </Suspense>
    </section>
  );
}

interface ToggleProps {
  icon: LucideIcon;
  label: string;
  isOn: boolean;
  isDisabled: boolean;
  onClick: () => void;
}

function Toggle({ icon: Icon, label, isOn, isDisabled, onClick }: ToggleProps) {
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-pressed={isOn}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={18} aria-hidden />
      <span>{label}</span>
    </button>
  );
}
