import type {
  AgentRow,
  Board,
  Colleague,
  InteractionRow,
  LiveMessage,
  ParkedCall,
  QueueGlance,
  QueueRow,
} from "./messages";

/** What this desk knows of the present, folded from the socket's messages. Rows keep their identity while unchanged. */
export interface LiveState {
  /** False until the first snapshot, and never again: a lost connection leaves the last known rows standing. */
  isLoaded: boolean;
  number: number;
  /** Add to Date.now() for the server's clock. */
  clockOffset_ms: number;
  me: AgentRow | null;
  mine: readonly InteractionRow[];
  board: Board | null;
  colleagues: readonly Colleague[];
  queues: readonly QueueGlance[];
  parked: readonly ParkedCall[];
  settingsVersion: number;
  /** Since when the engine has been out of reach; null while it answers. */
  staleSince: string | null;
}

export const emptyLiveState: LiveState = {
  isLoaded: false,
  number: 0,
  clockOffset_ms: 0,
  me: null,
  mine: [],
  board: null,
  colleagues: [],
  queues: [],
  parked: [],
  settingsVersion: 0,
  staleSince: null,
};

function mergeRows<Row extends { id: number | string }>(
  rows: readonly Row[],
  changed: readonly Row[] | undefined,
  gone?: readonly string[],
): readonly Row[] {
  if (!changed?.length && !gone?.length) return rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of changed ?? []) byId.set(row.id, row);
  for (const id of gone ?? []) byId.delete(id);
  return [...byId.values()];
}

function isWholeQueue(row: QueueRow | QueueGlance): row is QueueRow {
  return "service_level_s" in row;
}

/** Return the state after `message`, which arrived when this machine's clock read `at_ms`. Replies and hints change nothing here. */
export function applyMessage(state: LiveState, message: LiveMessage, at_ms: number): LiveState {
  switch (message.type) {
    case "snapshot":
      return {
        isLoaded: true,
        number: message.number,
        clockOffset_ms: Date.parse(message.now) - at_ms,
        me: message.me,
        mine: message.mine,
        board: message.board,
        colleagues: message.colleagues,
        queues: message.queues,
        parked: message.parked,
        settingsVersion: state.settingsVersion,
        staleSince: null,
      };
    case "update":
      return {
        ...state,
        number: message.number,
        clockOffset_ms: Date.parse(message.now) - at_ms,
        me: message.me === undefined ? state.me : message.me,
        mine: mergeRows(state.mine, message.mine, message.gone),
        board: state.board && {
          agents: [...mergeRows(state.board.agents, message.agents)],
          interactions: [...mergeRows(state.board.interactions, message.interactions, message.gone)],
          queues: [...mergeRows(state.board.queues, message.queues?.filter(isWholeQueue))],
        },
        colleagues: mergeRows(state.colleagues, message.colleagues),
        queues: mergeRows(state.queues, message.queues),
        parked: message.parked ?? state.parked,
        staleSince: null,
      };
    case "settings":
      return { ...state, settingsVersion: message.version };
    case "stale":
      return { ...state, staleSince: message.since };
    case "reply":
    case "nudge":
      return state;
  }
}
