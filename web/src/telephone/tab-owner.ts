/** One tab of a browser owns the telephone: a Web Lock says which. Another tab may take it over. */

export interface TabOwnerEvents {
  onHeld: () => void;
  onElsewhere: () => void;
}

export class TabOwner {
  private release: (() => void) | null = null;
  private waiting: AbortController | null = null;
  private isWanted = false;

  constructor(
    private readonly name: string,
    private readonly events: TabOwnerEvents,
    private readonly locks: LockManager | undefined = navigator.locks,
  ) {}

  /** Take the telephone if no tab has it, else wait for it. Without Web Locks (a page that is not secure) it is simply ours. */
  start(): void {
    this.isWanted = true;
    if (!this.locks) {
      this.events.onHeld();
      return;
    }
    void this.request({ ifAvailable: true });
  }

  /** Take it from the tab that has it; that tab is told and waits from then on. */
  takeOver(): void {
    this.waiting?.abort();
    void this.request({ steal: true });
  }

  stop(): void {
    this.isWanted = false;
    this.waiting?.abort();
    this.release?.();
    this.release = null;
  }

  private async request(options: LockOptions): Promise<void> {
    let wasHeld = false;
    try {
      await this.locks?.request(this.name, options, (lock) => {
        if (!lock) {
          this.events.onElsewhere();
          void this.queue();
          return undefined;
        }
        if (!this.isWanted) return undefined;
        wasHeld = true;
        this.events.onHeld();
        return new Promise<void>((resolve) => {
          this.release = resolve;
        });
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "SecurityError") {
        this.events.onHeld(); // a frame of another site, where the browser forbids locks: as if there were none
        return;
      }
      // AbortError: our waiting was called off, or another tab stole the lock
      if (!wasHeld || !this.isWanted) return;
      this.release = null;
      this.events.onElsewhere();
      void this.queue();
    }
  }

  private queue(): Promise<void> {
    this.waiting = new AbortController();
    return this.request({ signal: this.waiting.signal });
  }
}
