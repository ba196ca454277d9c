/** One call by a telephone made for it alone: permission, its identity, the call, its end. Plain; pages show the state. */
import { ApiProblem } from "@/api/problem";
import type { TelephoneIdentity } from "@/live/messages";
import {
  type CallEnd,
  type CallQuality,
  MicrophoneProblem,
  type MicrophoneTrouble,
  type PhoneAdapter,
  type PhoneEvent,
} from "@/telephone/port";

export type GuestCallState =
  | { step: "ready" }
  | { step: "asking" } // the browser asks for the microphone
  | { step: "connecting" }
  | { step: "ringing" }
  | { step: "talking"; since_ms: number; isMuted: boolean }
  | { step: "ended"; end: CallEnd; talked_s: number }
  | {
      step: "failed";
      why: MicrophoneTrouble | "offline" | "busy" | "refused" | "too_many_requests" | "unavailable";
    };

export interface GuestCallOptions {
  makeAdapter: () => Promise<PhoneAdapter>;
  /** Ask for the microphone and give it back; rejects with `MicrophoneProblem`. */
  tryMicrophone: () => Promise<void>;
  getIdentity: () => Promise<TelephoneIdentity>;
  onChange: (state: GuestCallState) => void;
  now: () => number;
}

const CONNECT_LIMIT_MS = 15_000;
/** So many readings in a row without a packet (10 s): the other side is gone and cannot say so. Waiting has music. */
const SILENT_READINGS = 5;

export class GuestCall {
  private adapter: PhoneAdapter | null = null;
  private call: string | null = null;
  private silentReadings = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private state: GuestCallState = { step: "ready" };

  constructor(private readonly options: GuestCallOptions) {}

  /** From the click to the ringing. Does nothing while a call is under way. */
  async begin(): Promise<void> {
    if (this.isUnderWay()) return;
    this.show({ step: "asking" });
    try {
      await this.options.tryMicrophone();
      this.show({ step: "connecting" });
      this.timer = setTimeout(() => this.fail("offline"), CONNECT_LIMIT_MS);
      const [adapter, identity] = await Promise.all([this.options.makeAdapter(), this.options.getIdentity()]);
      this.adapter = adapter;
      adapter.listen((event) => this.receive(event, identity));
      adapter.connect(identity);
    } catch (error) {
      this.fail(whyOf(error));
    }
  }

  hangUp(): void {
    if (this.call) this.adapter?.end(this.call);
    else if (this.isUnderWay()) this.finish("cancelled");
  }

  setMuted(isMuted: boolean): void {
    if (this.state.step !== "talking" || !this.call) return;
    this.adapter?.setMuted(this.call, isMuted);
    this.show({ ...this.state, isMuted });
  }

  press(digit: string): void {
    if (this.call && this.state.step === "talking") this.adapter?.sendDigit(this.call, digit);
  }

  private isUnderWay(): boolean {
    return this.state.step !== "ready" && this.state.step !== "ended" && this.state.step !== "failed";
  }

  private receive(event: PhoneEvent, identity: TelephoneIdentity): void {
    if (!this.isUnderWay()) return;
    if (event.type === "registration") {
      if (event.state === "registered" && !this.call) void this.dial(identity.call ?? "");
      return;
    }
    if (event.type === "incoming" || event.id !== this.call) return;
    if (event.type === "quality") {
      this.watch(event.quality);
      return;
    }
    if (event.type === "ringing") this.show({ step: "ringing" });
    if (event.type === "accepted")
      this.show({ step: "talking", since_ms: this.options.now(), isMuted: false });
    if (event.type === "ended") this.finish(event.end);
  }

  private watch({ loss_pct }: CallQuality): void {
    this.silentReadings = loss_pct >= 100 ? this.silentReadings + 1 : 0;
    if (this.silentReadings >= SILENT_READINGS) this.finish("lost");
  }

  private async dial(number: string): Promise<void> {
    try {
      this.call = (await this.adapter?.call(number)) ?? null;
      clearTimeout(this.timer);
    } catch (error) {
      this.fail(whyOf(error));
    }
  }

  private finish(end: CallEnd): void {
    const talked_s = this.state.step === "talking" ? (this.options.now() - this.state.since_ms) / 1000 : 0;
    this.stop();
    if (talked_s === 0 && end === "busy") this.show({ step: "failed", why: "busy" });
    else if (talked_s === 0 && (end === "refused" || end === "unreachable" || end === "lost"))
      this.show({ step: "failed", why: "unavailable" });
    else this.show({ step: "ended", end, talked_s });
  }

  private fail(why: Extract<GuestCallState, { step: "failed" }>["why"]): void {
    this.stop();
    this.show({ step: "failed", why });
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.call = null;
    this.silentReadings = 0;
    const adapter = this.adapter;
    this.adapter = null;
    adapter?.close();
  }

  private show(state: GuestCallState): void {
    this.state = state;
    this.options.onChange(state);
  }
}

function whyOf(error: unknown): Extract<GuestCallState, { step: "failed" }>["why"] {
  if (error instanceof MicrophoneProblem) return error.trouble;
  if (!(error instanceof ApiProblem)) return "offline";
  if (error.status === 429) return "too_many_requests";
  if (error.code === "too_many_calls") return "busy";
  if (error.status === 0 || error.status >= 500) return "offline";
  return "unavailable";
}
