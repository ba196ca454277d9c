import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { snapshot } from "./builders";
import type { LiveMessage } from "./messages";
import { CommandProblem, type ConnectionStatus, LiveSocket, NoTicket } from "./socket";

class WireSocket {
  static readonly OPEN = 1;
  readyState = 0;
  sent: { id: string; do: string }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  push(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

function desk(getTicket: () => Promise<string> = () => Promise.resolve("t")) {
  const sockets: WireSocket[] = [];
  const messages: LiveMessage[] = [];
  const statuses: ConnectionStatus[] = [];
  const loginOver = vi.fn();
  const live = new LiveSocket({
    getTicket,
    openSocket: () => {
      const socket = new WireSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    onMessage: (message) => messages.push(message),
    onStatus: (status) => statuses.push(status),
    onLoginOver: loginOver,
  });
  const last = (): WireSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  };
  return { live, sockets, messages, statuses, loginOver, last };
}

describe("LiveSocket", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", WireSocket);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("fetches a ticket, opens and passes messages on", async () => {
    const { live, last, messages, statuses } = desk();
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    last().push(snapshot({ number: 3 }));
    expect(statuses).toEqual(["connecting", "open"]);
    expect(messages).toMatchObject([{ type: "snapshot", number: 3 }]);
  });

  it("matches replies to commands, in any order, and turns a problem into a rejection", async () => {
    const { live, last } = desk();
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    const dial = live.send({ do: "Dial", number: "10086" });
    const ready = live.send({ do: "SetReady" });
    const [first, second] = last().sent;
    last().push({ type: "reply", id: second?.id, problem: { code: "busy", facts: {} }, result: null });
    last().push({ type: "reply", id: first?.id, problem: null, result: { interaction: "i9" } });
    await expect(dial).resolves.toEqual({ interaction: "i9" });
    await expect(ready).rejects.toMatchObject({ code: "busy" });
  });

  it("refuses at once while offline and says the outcome is unknown when the line breaks", async () => {
    const { live, last } = desk();
    await expect(live.send({ do: "SetReady" })).rejects.toMatchObject({ code: "offline" });
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    const asked = live.send({ do: "SetReady" });
    last().close();
    await expect(asked).rejects.toBeInstanceOf(CommandProblem);
    await expect(asked).rejects.toMatchObject({ code: "connection_lost" });
  });

  it("gives up on an answer after its limit, and on the socket that did not bring it", async () => {
    const { live, last, sockets, statuses } = desk();
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    const asked = expect(live.send({ do: "SetReady" })).rejects.toMatchObject({ code: "no_answer_in_time" });
    await vi.advanceTimersByTimeAsync(10_000);
    await asked;
    expect(statuses.at(-1)).toBe("waiting");
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
    last().accept();
    const again = live.send({ do: "SetReady" });
    last().push({ type: "reply", id: last().sent[0]?.id, problem: null, result: null });
    await expect(again).resolves.toBeNull();
  });

  it("reconnects with growing waits, at once when told that the network is back", async () => {
    const { live, sockets, last, statuses } = desk();
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    last().close();
    expect(statuses.at(-1)).toBe("waiting");
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
    last().close();
    live.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(3);
  });

  it("stops and reports when the login is over", async () => {
    const { live, sockets, loginOver, statuses } = desk(() => Promise.reject(new NoTicket()));
    live.open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loginOver).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(0);
    expect(statuses.at(-1)).toBe("closed");
  });

  it("opens nothing more after close", async () => {
    const { live, sockets } = desk();
    live.open();
    live.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(0);
  });
});
