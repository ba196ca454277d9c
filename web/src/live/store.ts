import { create } from "zustand";
import { api, bodyOf } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { DeskCommand } from "./messages";
import { tellAllNudges, tellNudge } from "./nudges";
import { applyMessage, emptyLiveState, type LiveState } from "./reducer";
import { type ConnectionStatus, LiveSocket, NoTicket } from "./socket";

interface LiveStore extends LiveState {
  connection: ConnectionStatus;
  /** The server refuses tickets: somebody logged this session out. */
  isLoginOver: boolean;
}

/** The present: who is in which state, what waits, what I talk in. Select narrowly, so that a row's change renders a row. */
export const useLive = create<LiveStore>(() => ({
  ...emptyLiveState,
  connection: "closed",
  isLoginOver: false,
}));

const socket = new LiveSocket({
  getTicket: async () => {
    try {
      return (await bodyOf(api.GET("/api/ticket"))).ticket;
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) throw new NoTicket();
      throw error;
    }
  },
  openSocket: (ticket) => {
    const url = new URL("/ws", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("ticket", ticket);
    return new WebSocket(url);
  },
  onMessage: (message) => {
    if (message.type === "nudge") tellNudge(message.topic);
    else useLive.setState((state) => applyMessage(state, message, Date.now()));
  },
  onStatus: (connection) => {
    useLive.setState({ connection });
    if (connection === "open") tellAllNudges();
  },
  onLoginOver: () => useLive.setState({ isLoginOver: true }),
});

/** Ask the engine something. Rejects with `CommandProblem`. */
export function send(command: DeskCommand): Promise<unknown> {
  return socket.send(command);
}

/** Keep the socket open until the returned function is called. */
export function connectLive(): () => void {
  useLive.setState({ ...emptyLiveState, isLoginOver: false });
  socket.open();
  const onOnline = () => socket.retryNow();
  const onOffline = () => socket.drop();
  window.addEventListener("online", onOnline);
  window.addEventListener("offline", onOffline);
  document.addEventListener("visibilitychange", onOnline);
  return () => {
    window.removeEventListener("online", onOnline);
    window.removeEventListener("offline", onOffline);
    document.removeEventListener("visibilitychange", onOnline);
    socket.close();
  };
}
