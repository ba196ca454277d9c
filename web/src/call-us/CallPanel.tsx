import { useEffect, useRef, useState } from "react";
import { api, bodyOf } from "@/api/client";
import { formatDuration } from "@/lib/time";
import { openMicrophone } from "@/telephone/devices";
import { GuestCall, type GuestCallState } from "@/telephone/guest-call";
import styles from "./CallUsPage.module.css";
import { GuestKeypad } from "./GuestKeypad";
import type { Words } from "./words";

interface Props {
  t: Words;
  company: string;
  entry: string;
}

function makeCall(
  { company, entry }: Omit<Props, "t">,
  onChange: (state: GuestCallState) => void,
): GuestCall {
  return new GuestCall({
    makeAdapter: async () => new (await import("@/telephone/jssip-adapter")).JssipAdapter(),
    tryMicrophone: async () => {
      for (const track of (await openMicrophone()).getTracks()) track.stop();
    },
    getIdentity: () =>
      bodyOf(api.POST("/api/public/{company}/call", { params: { path: { company } }, body: { entry } })),
    onChange,
    now: () => Date.now(),
  });
}

/** The button, the call, its end. */
export function CallPanel({ t, company, entry }: Props) {
  const [state, setState] = useState<GuestCallState>({ step: "ready" });
  const [call] = useState(() => makeCall({ company, entry }, setState));
  useEffect(() => {
    const leave = () => call.hangUp();
    window.addEventListener("pagehide", leave); // a closed page must not leave a silent caller in the queue
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [call]);
  const isUnderWay =
    state.step === "asking" ||
    state.step === "connecting" ||
    state.step === "ringing" ||
    state.step === "talking";
  return (
    <section className={styles.panel} data-step={state.step}>
      {!isUnderWay && <p className={styles.hint}>{t.hint}</p>}
      <p className={styles.step} role="status">
        {state.step === "ready" ? t.permission : t.step[state.step]}
      </p>
      {state.step === "talking" && <Talking t={t} call={call} state={state} />}
      {state.step === "ended" && (
        <p>
          {state.talked_s >= 1
            ? `${t.talked.replace("{time}", formatDuration(state.talked_s))} · ${t.thanks}`
            : t.thanks}
        </p>
      )}
      {state.step === "failed" && (
        <p role="alert" className={styles.why}>
          {t.why[state.why]}
        </p>
      )}
      {isUnderWay ? (
        <button type="button" className={styles.hangUp} onClick={() => call.hangUp()}>
          {state.step === "talking" ? t.hangUp : t.giveUp}
        </button>
      ) : (
        <button type="button" className={styles.call} onClick={() => void call.begin()}>
          {state.step === "ready" ? t.call : t.again}
        </button>
      )}
    </section>
  );
}

interface TalkingProps {
  t: Words;
  call: GuestCall;
  state: Extract<GuestCallState, { step: "talking" }>;
}

function Talking({ t, call, state }: TalkingProps) {
  const [now_ms, setNow] = useState(state.since_ms);
  const timer = useRef<ReturnType<typeof setInterval>>(undefined);
  useEffect(() => {
    timer.current = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer.current);
  }, []);
  return (
    <>
      <output className={styles.clock}>{formatDuration((now_ms - state.since_ms) / 1000)}</output>
      <GuestKeypad label={t.keypad} onDigit={(digit) => call.press(digit)} />
      <button
        type="button"
        className={styles.mute}
        aria-pressed={state.isMuted}
        onClick={() => call.setMuted(!state.isMuted)}
      >
        {state.isMuted ? t.unmute : t.mute}
      </button>
    </>
  );
}
