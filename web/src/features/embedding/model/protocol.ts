/**
 * What the embedded telephone and the page around it say to each other by `postMessage`: docs/guide/embedded-telephone.md.
 * Reading doubts everything. The other side of it is public/zhiyin-telephone.js.
 */
import type { AgentState, InteractionRow, Party } from "@/live/messages";

export const PROTOCOL = "zhiyin.telephone";
export const VERSION = 1;

/** One contact as the page around may know it: no more than the agent sees. */
export interface ToldContact {
  id: string;
  direction: InteractionRow["direction"];
  /** As the agent may see it, so perhaps masked; null: none was shown. */
  number: string | null;
  /** The number that was called. */
  entry: string | null;
  queue: { id: number; name: string } | null;
  /** Attached data. */
  data: Record<string, string>;
  started_at: string;
}

export interface ToldState {
  /** null: nobody is logged in, or the engine has not told yet. */
  agent: { id: number; name: string } | null;
  state: AgentState | null;
  reason: string | null;
  /** What the agent becomes after this contact, where that was chosen. */
  next_state: AgentState | null;
  since: string | null;
  /** Whether calls can be taken here: the telephone is registered in this page. */
  can_talk: boolean;
  is_muted: boolean;
  contact: ToldContact | null;
  phase: "ringing" | "dialling" | "talking" | "held" | "transferring" | null;
}

export interface Reason {
  code: string;
  name: string;
  is_rest: boolean;
}

export type HostEvent =
  | { event: "ready"; agent: { id: number; name: string }; reasons: readonly Reason[] }
  | { event: "login_needed" }
  | { event: "state_changed"; state: ToldState }
  | {
      event:
        | "call_ringing"
        | "call_dialling"
        | "call_answered"
        | "call_held"
        | "call_resumed"
        | "call_missed"
        | "call_ended"
        | "call_data_changed";
      contact: ToldContact;
    };

/** `contact`: only if it still is this one. */
export type HostCommand = { contact?: string } & (
  | { command: "dial"; target: Party }
  | { command: "transfer"; target: Party; note?: string }
  | { command: "answer" | "reject" | "get_state" }
  | { command: "hang_up" | "hold" | "resume" }
  | { command: "mute"; is_muted: boolean }
  | { command: "send_digits"; digits: string }
  | { command: "attach_data"; data: Record<string, string> }
  | { command: "set_state"; state: "ready" | "signed_out" }
  | { command: "set_state"; state: "not_ready"; reason: string }
  | { command: "complete_wrap_up"; then_ready: boolean }
);

export type HostMessage = { type: "hello" } | { type: "command"; id: string; command: HostCommand | null };

const LONGEST = {
  id: 64,
  contact: 80,
  number: 40,
  digits: 32,
  note: 500,
  reason: 60,
  key: 40,
  value: 200,
} as const;
const MOST_DATA = 20;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === null || Object.getPrototypeOf(prototype as object) === null;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= longest;
}

/** Read what came by `postMessage`; null: not for us, say nothing. A command that is none, or a wrong one, is null inside. */
export function readMessage(value: unknown): HostMessage | null {
  if (!isFields(value) || value.protocol !== PROTOCOL || value.version !== VERSION) return null;
  if (value.type === "hello") return { type: "hello" };
  if (value.type !== "command" || !isText(value.id, LONGEST.id)) return null;
  return { type: "command", id: value.id, command: readCommand(value) };
}

function readCommand(fields: Fields): HostCommand | null {
  if (fields.contact !== undefined && !isText(fields.contact, LONGEST.contact)) return null;
  const read = readBare(fields);
  return read && fields.contact !== undefined ? { ...read, contact: fields.contact } : read;
}

function readBare(fields: Fields): HostCommand | null {
  switch (fields.command) {
    case "answer":
    case "reject":
    case "hang_up":
    case "hold":
    case "resume":
    case "get_state":
      return { command: fields.command };
    case "dial": {
      const target = readTarget(fields);
      return target && { command: "dial", target };
    }
    case "transfer":
      return readTransfer(fields);
    case "mute":
      return typeof fields.is_muted === "boolean" ? { command: "mute", is_muted: fields.is_muted } : null;
    case "send_digits":
      return isText(fields.digits, LONGEST.digits) && /^[0-9*#]+$/.test(fields.digits)
        ? { command: "send_digits", digits: fields.digits }
        : null;
    case "attach_data":
      return isData(fields.data) ? { command: "attach_data", data: { ...fields.data } } : null;
    case "set_state":
      return readState(fields);
    case "complete_wrap_up": {
      const { then_ready = true } = fields;
      return typeof then_ready === "boolean" ? { command: "complete_wrap_up", then_ready } : null;
    }
    default:
      return null;
  }
}

/** Exactly one of `number`, `agent` and `queue`. */
function readTarget({ number, agent, queue }: Fields): Party | null {
  if ([number, agent, queue].filter((each) => each !== undefined).length !== 1) return null;
  if (isText(number, LONGEST.number)) return { kind: "number", number };
  if (Number.isSafeInteger(agent)) return { kind: "agent", target: agent as number };
  if (Number.isSafeInteger(queue)) return { kind: "queue", target: queue as number };
  return null;
}

function readTransfer(fields: Fields): HostCommand | null {
  const target = readTarget(fields);
  if (!target) return null;
  if (fields.note === undefined) return { command: "transfer", target };
  return isText(fields.note, LONGEST.note) ? { command: "transfer", target, note: fields.note } : null;
}

function readState({ state, reason }: Fields): HostCommand | null {
  if (state === "ready" || state === "signed_out") return { command: "set_state", state };
  if (state !== "not_ready" || !isText(reason, LONGEST.reason)) return null;
  return { command: "set_state", state, reason };
}

function isData(value: unknown): value is Record<string, string> {
  if (!isFields(value)) return false;
  const pairs = Object.entries(value);
  return (
    pairs.length > 0 &&
    pairs.length <= MOST_DATA &&
    pairs.every(
      ([key, text]) => isText(key, LONGEST.key) && typeof text === "string" && text.length <= LONGEST.value,
    )
  );
}
