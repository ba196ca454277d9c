/**
 * The agent's telephone: registers it while this tab owns it, matches the engine's offers with the INVITEs that
 * ring here, answers what the engine says is to be answered by itself. Shows its state in `useTelephone`.
 */
import { create } from "zustand";
import type { DeskCommand, TelephoneIdentity } from "@/live/messages";
import { CommandProblem } from "@/live/socket";
import {
  type CallQuality,
  type IncomingCall,
  MicrophoneProblem,
  type MicrophoneTrouble,
  type PhoneAdapter,
  type PhoneEvent,
  type Registration,
} from "./port";

export interface TelephoneCall extends IncomingCall {
  phase: "ringing" | "answering" | "talking";
}

export interface TelephoneState {
  /** "off": nobody asked for it; "elsewhere": another tab has it. */
  place: "off" | "mine" | "elsewhere";
  registration: Registration;
  call: TelephoneCall | null;
  isMuted: boolean;
  quality: CallQuality | null;
  /** Why the microphone could not be had at the last try. */
  trouble: MicrophoneTrouble | null;
}

export const noTelephone: TelephoneState = {
  place: "off",
  registration: "off",
  call: null,
  isMuted: false,
  quality: null,
  trouble: null,
};

export const useTelephone = create<TelephoneState>(() => noTelephone);

/** The INVITE travels beside the socket's offer and may come a little later. */
const INVITE_LIMIT_MS = 2000;
const REOPEN_WAITS_MS = [1000, 2000, 4000, 8000, 15_000];

interface Outside {
  makeAdapter: () => Promise<PhoneAdapter>;
  send: (command: DeskCommand) => Promise<unknown>;
  /** Names this login and tab to the engine. */
  holder: string;
}

interface Waiter {
  offer: string;
  resolve: () => void;
}

export class Telephone {
  private adapter: PhoneAdapter | null = null;
  private stopListening: (() => void) | null = null;
  private waiter: Waiter | null = null;
  private reopenTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isOpen = false;

  constructor(private readonly outside: Outside) {}

  /** This tab owns the telephone: load it, get an identity and register. Repeatable; also the way back after a failure. */
  async open(): Promise<void> {
    this.isOpen = true;
    clearTimeout(this.reopenTimer);
    useTelephone.setState({ place: "mine" });
    try {
      const adapter = await this.load();
      const identity = (await this.outside.send({
        do: "OpenTelephone",
        holder: this.outside.holder,
      })) as TelephoneIdentity;
      if (this.isOpen) adapter.register(identity);
    } catch (error) {
      useTelephone.setState({ registration: "failed" });
      if (!(error instanceof CommandProblem) && !(error instanceof TypeError)) throw error;
      this.reopenLater();
    }
  }

  /** Another tab has it now, or the login ends. */
  close(place: "off" | "elsewhere"): void {
    this.isOpen = false;
    clearTimeout(this.reopenTimer);
    this.adapter?.close();
    this.stopListening?.();
    this.adapter = null;
    useTelephone.setState({ ...noTelephone, place });
    if (place === "off")
      this.outside.send({ do: "CloseTelephone", holder: this.outside.holder }).catch(() => undefined);
  }

  /**
   * Answer an offer: accepts its call, waiting up to 2 s for it to arrive. Rejects with `CommandProblem`
   * "offer_not_ringing" when it does not come, with `MicrophoneProblem` when there is no microphone; it rings on then.
   */
  async answer(offer: string): Promise<void> {
    if (this.ringing()?.offer !== offer) await this.untilRinging(offer);
    await this.accept();
  }

  /** Answer whatever rings, for instance once the microphone has been allowed. */
  async answerRinging(): Promise<void> {
    if (this.ringing()) await this.accept();
  }

  /** End the call on this side only, if it is still `id`'s; the engine is asked first wherever it can be reached. */
  endHere(id?: string): void {
    const call = useTelephone.getState().call;
    if (call && (id === undefined || id === call.id)) this.adapter?.end(call.id);
  }

  setMuted(isMuted: boolean): void {
    const call = useTelephone.getState().call;
    if (call?.phase !== "talking") return;
    this.adapter?.setMuted(call.id, isMuted);
    useTelephone.setState({ isMuted });
  }

  async renewDevices(): Promise<void> {
    await this.adapter?.renewDevices();
  }

  private async load(): Promise<PhoneAdapter> {
    if (this.adapter) return this.adapter;
    const adapter = await this.outside.makeAdapter();
    this.stopListening = adapter.listen((event) => this.receive(event));
    this.adapter = adapter;
    return adapter;
  }

  private reopenLater(): void {
    if (!this.isOpen) return;
    const wait_ms = REOPEN_WAITS_MS[Math.min(this.failures, REOPEN_WAITS_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.reopenTimer);
    this.reopenTimer = setTimeout(() => void this.open(), wait_ms);
  }

  private receive(event: PhoneEvent): void {
    switch (event.type) {
      case "registration":
        useTelephone.setState({ registration: event.state });
        if (event.state === "registered") this.failures = 0;
        if (event.isRefused) this.reopenLater(); // the identity is gone: Asterisk was restarted, or another login took it
        return;
      case "incoming":
        this.ring(event.call);
        return;
      case "accepted":
        this.change(event.id, (call) => ({ call: { ...call, phase: "talking" }, trouble: null }));
        return;
      case "quality":
        this.change(event.id, () => ({ quality: event.quality }));
        return;
      case "ended":
        this.change(event.id, () => ({ call: null, isMuted: false, quality: null }));
        return;
      case "ringing":
        return; // only of calls that this telephone makes: the call-us page's
    }
  }

  private change(id: string, next: (call: TelephoneCall) => Partial<TelephoneState>): void {
    const { call } = useTelephone.getState();
    if (call?.id === id) useTelephone.setState(next(call));
  }

  private ring(incoming: IncomingCall): void {
    const current = useTelephone.getState().call;
    const isMeant = incoming.offer !== null || incoming.interaction !== null;
    const isResumed = incoming.interaction !== null && current?.phase === "talking";
    if (!isMeant || (current && !isResumed)) {
      this.adapter?.end(incoming.id);
      return;
    }
    useTelephone.setState({ call: { ...incoming, phase: "ringing" }, isMuted: false, quality: null });
    if (current) this.adapter?.end(current.id);
    if (this.waiter?.offer === incoming.offer) this.waiter?.resolve();
    if (incoming.interaction !== null) this.accept().catch(() => undefined); // the trouble stands in the state
  }

  private ringing(): TelephoneCall | null {
    const { call } = useTelephone.getState();
    return call?.phase === "ringing" ? call : null;
  }

  private untilRinging(offer: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.waiter = null;
        act();
      };
      const timer = setTimeout(
        () => settle(() => reject(new CommandProblem({ code: "offer_not_ringing", facts: {} }))),
        INVITE_LIMIT_MS,
      );
      this.waiter = { offer, resolve: () => settle(resolve) };
    });
  }

  private async accept(): Promise<void> {
    const call = this.ringing();
    if (!call || !this.adapter) return;
    this.change(call.id, () => ({ call: { ...call, phase: "answering" } }));
    try {
      await this.adapter.answer(call.id);
    } catch (error) {
      const trouble = error instanceof MicrophoneProblem ? error.trouble : "failed";
      this.change(call.id, () => ({ call: { ...call, phase: "ringing" }, trouble }));
      throw error;
    }
  }
}
