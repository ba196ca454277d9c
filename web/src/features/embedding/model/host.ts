/** The page around: heard only if it is our parent and of an origin that the company allows; answered there alone. */
import { type HostCommand, type HostEvent, PROTOCOL, readMessage, VERSION } from "./protocol";

const COMMANDS_PER_S = 5;
const MOST_AT_ONCE = 20;

export interface Refused {
  code: string;
  /** for people */
  text: string;
}

/** `problem`: it was not done. */
export type Outcome = { result: unknown } | { problem: Refused };

export interface HostWindow {
  parent: Pick<Window, "postMessage">;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

interface HostOptions {
  window: HostWindow;
  isAllowed: (origin: string) => boolean;
  /** The page around says hello, at first and each time it lost us: tell it how everything is. */
  onHello: () => void;
  obey: (command: HostCommand) => Promise<Outcome>;
  now_ms?: () => number;
}

/** Speaks with the page around while it is open. Nothing is said before that page said hello. */
export class Host {
  private origin: string | null = null;
  private allowance = MOST_AT_ONCE;
  private filledAt_ms: number;
  private readonly now_ms: () => number;

  constructor(private readonly options: HostOptions) {
    this.now_ms = options.now_ms ?? (() => performance.now());
    this.filledAt_ms = this.now_ms();
  }

  /** Listen; returns how to stop. */
  open(): () => void {
    const { window } = this.options;
    const listener = (event: MessageEvent) => this.hear(event);
    window.addEventListener("message", listener);
    return () => {
      window.removeEventListener("message", listener);
      this.origin = null;
    };
  }

  tell(event: HostEvent): void {
    this.post({ type: "event", ...event });
  }

  private hear(event: MessageEvent): void {
    const { window, isAllowed } = this.options;
    // before the data are looked at: those of a stranger are not even unpacked
    if (event.source !== (window.parent as unknown) || !isAllowed(event.origin)) return;
    const message = readMessage(event.data);
    if (!message) return;
    if (message.type === "hello") {
      this.origin = event.origin;
      this.post({ type: "welcome" });
      this.options.onHello();
    } else if (event.origin === this.origin) void this.answer(message.id, message.command);
  }

  private async answer(id: string, command: HostCommand | null): Promise<void> {
    const outcome = await this.outcomeOf(command);
    this.post({ type: "reply", id, ...outcome });
  }

  private async outcomeOf(command: HostCommand | null): Promise<Outcome> {
    if (!command) return { problem: { code: "bad_command", text: "This is no command of version 1." } };
    if (!this.take()) return { problem: { code: "too_many_requests", text: "Send fewer commands." } };
    return await this.options.obey(command);
  }

  private take(): boolean {
    const now_ms = this.now_ms();
    const gained = ((now_ms - this.filledAt_ms) / 1000) * COMMANDS_PER_S;
    this.allowance = Math.min(MOST_AT_ONCE, this.allowance + gained);
    this.filledAt_ms = now_ms;
    if (this.allowance < 1) return false;
    this.allowance -= 1;
    return true;
  }

  private post(message: Record<string, unknown>): void {
    if (this.origin === null || !this.options.isAllowed(this.origin)) return;
    this.options.window.parent.postMessage(
      { protocol: PROTOCOL, version: VERSION, ...message },
      this.origin, // never "*": what rings here is nobody else's business
    );
  }
}
