/** What the application asks of a telephone, and what the telephone tells. JsSIP stands behind it, or a fake in tests. */
import type { TelephoneIdentity } from "@/live/messages";

export type Registration = "off" | "connecting" | "registered" | "failed";

/** A call that rings here. `offer` and `interaction` say what it is for: the engine's headers carry them. */
export interface IncomingCall {
  id: string;
  offer: string | null;
  interaction: string | null;
}

/** Plain words for how a call ended: "hangup" after talking; the rest when it was never answered. */
export type CallEnd = "hangup" | "cancelled" | "busy" | "refused" | "unreachable" | "no_answer" | "lost";

export interface CallQuality {
  level: "good" | "fair" | "poor";
  loss_pct: number;
  jitter_ms: number;
  rtt_ms: number | null;
}

export type PhoneEvent =
  | { type: "registration"; state: Registration; isRefused: boolean }
  | { type: "incoming"; call: IncomingCall }
  | { type: "ringing"; id: string }
  | { type: "accepted"; id: string }
  | { type: "ended"; id: string; end: CallEnd }
  | { type: "quality"; id: string; quality: CallQuality };

export interface PhoneAdapter {
  /** Register with this identity, and stay registered; an earlier one is forgotten. Told by "registration". */
  register(identity: TelephoneIdentity): void;
  /** Only be able to call out with this identity: nobody can ring it. "registered" then tells that it can. */
  connect(identity: TelephoneIdentity): void;
  /** Take the registration back. Calls end. */
  close(): void;
  /** Rejects with `MicrophoneProblem`; the call then rings on. */
  answer(id: string): Promise<void>;
  /** End a call, or refuse one that rings. */
  end(id: string): void;
  /** Call out; the result is the call's id. Rejects with `MicrophoneProblem`. */
  call(number: string): Promise<string>;
  setMuted(id: string, isMuted: boolean): void;
  sendDigit(id: string, digit: string): void;
  /** Use the devices chosen now, in a running call too. */
  renewDevices(): Promise<void>;
  listen(listener: (event: PhoneEvent) => void): () => void;
}

export type MicrophoneTrouble = "insecure_page" | "denied" | "missing" | "in_use" | "failed";

/** The microphone cannot be had; `trouble` says why, in words of telephone's locale files. */
export class MicrophoneProblem extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble);
    this.name = "MicrophoneProblem";
  }
}
