/** A telephone without a network, for tests: tests ring it, and read what was asked of it. */
import type { TelephoneIdentity } from "@/live/messages";
import {
  MicrophoneProblem,
  type MicrophoneTrouble,
  type PhoneAdapter,
  type PhoneEvent,
  type Registration,
} from "./port";

export class FakePhone implements PhoneAdapter {
  identities: TelephoneIdentity[] = [];
  answered: string[] = [];
  ended: string[] = [];
  muted: [string, boolean][] = [];
  digits: string[] = [];
  trouble: MicrophoneTrouble | null = null;
  isClosed = false;
  private readonly listeners = new Set<(event: PhoneEvent) => void>();

  listen(listener: (event: PhoneEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  tell(event: PhoneEvent): void {
    for (const listener of this.listeners) listener(event);
  }
  /** The engine's INVITE arrives. */
  ring(id: string, headers: { offer?: string; interaction?: string } = {}): void {
    this.tell({
      type: "incoming",
      call: { id, offer: headers.offer ?? null, interaction: headers.interaction ?? null },
    });
  }
  registration(state: Registration, isRefused = false): void {
    this.tell({ type: "registration", state, isRefused });
  }

  register(identity: TelephoneIdentity): void {
    this.identities.push(identity);
    this.isClosed = false;
  }
  connect(identity: TelephoneIdentity): void {
    this.register(identity);
  }
  close(): void {
    this.isClosed = true;
    this.registration("off");
  }
  async answer(id: string): Promise<void> {
    if (this.trouble) throw new MicrophoneProblem(this.trouble);
    this.answered.push(id);
    this.tell({ type: "accepted", id });
  }
  end(id: string): void {
    this.ended.push(id);
    this.tell({ type: "ended", id, end: "hangup" });
  }
  async call(number: string): Promise<string> {
    if (this.trouble) throw new MicrophoneProblem(this.trouble);
    return `to-${number}`;
  }
  setMuted(id: string, isMuted: boolean): void {
    this.muted.push([id, isMuted]);
  }
  sendDigit(_id: string, digit: string): void {
    this.digits.push(digit);
  }
  async renewDevices(): Promise<void> {}
}
