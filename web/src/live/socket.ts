import type { DeskCommand, LiveMessage, Problem, ReplyMessage } from "./messages";

export type ConnectionStatus = "connecting" | "open" | "waiting" | "closed";

/** A command was refused, or its answer did not come. `code` is translated by the names in api/locales. */
export class CommandProblem extends Error {
  readonly code: string;
  readonly facts: Record<string, string>;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = "CommandProblem";
    this.code = problem.code;
    this.facts = problem.facts;
  }
}

/** The login is over: no ticket is given any more. */
export class NoTicket extends Error {}

interface Pending {
  resolve: (result: unknown) => void;
  reject: (problem: CommandProblem) => void;
  timer: ReturnType<typeof setTimeout>;
}

export interface LiveSocketOptions {
  /** Fetch a ticket. Throws `NoTicket` when the login is over, anything else when the server is away. */
  getTicket: () => Promise<string>;
  openSocket: (ticket: string) => WebSocket;
  onMessage: (message: LiveMessage) => void;
  onStatus: (status: ConnectionStatus) => void;
  onLoginOver: () => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const ANSWER_LIMIT_MS = 10_000;

/** Keeps one socket open: fetches tickets, reconnects with growing waits, matches replies to commands. */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private isWanted = false;
  private isOpening = false;
  private attempts = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly pending = new Map<string, Pending>();
  private sent = 0;

  constructor(private readonly options: LiveSocketOptions) {}

  open(): void {
    if (this.isWanted) return;
    this.isWanted = true;
    this.attempts = 0;
    void this.attempt();
  }

  close(): void {
    this.isWanted = false;
    clearTimeout(this.retryTimer);
    this.socket?.close();
    this.lose("connection_lost");
    this.options.onStatus("closed");
  }

  /** The network came back, or the tab woke: do not wait for the timer. */
  retryNow(): void {
    if (!this.isWanted || this.socket || this.isOpening) return;
    clearTimeout(this.retryTimer);
    void this.attempt();
  }

  /** The network is gone: a half-open socket would keep silent for minutes. */
  drop(): void {
    const socket = this.socket;
    this.lose("connection_lost");
    socket?.close();
  }

  /**
   * Ask the engine and return its result. Rejects with `CommandProblem`: the engine's own refusal, "offline" when
   * nothing was sent, "connection_lost" or "no_answer_in_time" when it was sent and the outcome is unknown.
   */
  send(command: DeskCommand): Promise<unknown> {
    const socket = this.socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new CommandProblem({ code: "offline", facts: {} }));
    }
    this.sent += 1;
    const id = `c${this.sent}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new CommandProblem({ code: "no_answer_in_time", facts: {} }));
        if (this.socket === socket) this.drop(); // the front answers sooner, even where the engine does not: nobody is there
      }, ANSWER_LIMIT_MS);
      this.pending.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ id, ...command }));
    });
  }

  private async attempt(): Promise<void> {
    this.isOpening = true;
    this.options.onStatus("connecting");
    let ticket: string;
    try {
      ticket = await this.options.getTicket();
    } catch (error) {
      this.isOpening = false;
      if (!this.isWanted) return;
      if (error instanceof NoTicket) {
        this.close();
        this.options.onLoginOver();
        return;
      }
      this.retryLater();
      return;
    }
    this.isOpening = false;
    if (this.isWanted) this.listen(this.options.openSocket(ticket));
  }

  private listen(socket: WebSocket): void {
    this.socket = socket;
    socket.onopen = () => {
      this.attempts = 0;
      this.options.onStatus("open");
    };
    socket.onmessage = (event) => this.receive(JSON.parse(String(event.data)) as LiveMessage);
    socket.onclose = () => {
      if (this.socket === socket) this.lose("connection_lost");
    };
  }

  private receive(message: LiveMessage): void {
    if (message.type === "reply") this.settle(message);
    else this.options.onMessage(message);
  }

  private settle(reply: ReplyMessage): void {
    const pending = this.pending.get(reply.id);
    if (!pending) return; // answered after its limit
    this.pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.problem) pending.reject(new CommandProblem(reply.problem));
    else pending.resolve(reply.result);
  }

  private lose(code: string): void {
    this.socket = null;
    for (const pending of this.pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(new CommandProblem({ code, facts: {} }));
    }
    this.pending.clear();
    if (this.isWanted && !this.isOpening) this.retryLater();
  }

  /** Wait 0.5, 1, 2, 4, then 8 s, each shortened by up to half by chance, so that a thousand desks do not come back at once. */
  private retryLater(): void {
    const wait_ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts) * (0.5 + Math.random() / 2);
    this.attempts += 1;
    this.options.onStatus("waiting");
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.attempt(), wait_ms);
  }
}
