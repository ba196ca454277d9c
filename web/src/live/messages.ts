/** The desk's socket: what stands in zhiyin/contracts/{commands,snapshots}.py and the guide to the boundaries, in TypeScript. */

export type AgentState =
  | "logged_out"
  | "not_ready"
  | "rest"
  | "ready"
  | "reserved"
  | "alerting"
  | "dialling"
  | "talking"
  | "consulting"
  | "hold"
  | "monitoring"
  | "wrap_up"
  | "lost";

export type Phase =
  | "flow"
  | "waiting"
  | "offered"
  | "dialling"
  | "talking"
  | "held"
  | "parked"
  | "transferring"
  | "message"
  | "postponed"
  | "ended";

export interface AgentRow {
  id: number;
  name: string;
  state: AgentState;
  reason: string | null;
  since: string | null;
  interaction: string | null;
  until: string | null;
  next_state: AgentState | null;
  next_reason: string | null;
  telephone: string;
  telephone_state: string;
  team?: number | null;
  rest?: RestRow | null;
  /** How many places to rest are left for this agent, and how many seconds today; null: not limited. */
  rests_free?: number | null;
  rest_left_s?: number | null;
  wrap_up?: WrapUpRow | null;
  /** Queues that the agent serves for a time. */
  loans?: { queue: number; until: string; is_instead: boolean }[];
  /** Offers in a row that it let ring out. */
  missed?: number;
}

export type RestStage = "asked" | "waiting" | "granted" | "taken" | "refused";
export type RestRefusal = "busy_now" | "too_few" | "later" | "other";

/** An agent's rest; its place in the waiting list, 1 first. */
export interface RestRow {
  reason: string;
  stage: RestStage;
  asked_at: string;
  planned_s: number;
  until: string | null;
  is_overrun: boolean;
  decided_by: number | null;
  refusal: RestRefusal | null;
  place: number | null;
}

/** After-call work that the agent is in, or (until then) may still take. */
export interface WrapUpRow {
  interaction: string;
  mode: "none" | "optional" | "timed" | "extendable" | "mandatory";
  limit_s: number;
  extensions_left: number;
  extension_s: number;
  until: string | null;
}

export interface OfferRow {
  offer: string;
  agent: number;
  offered_at: string;
  expires_at: string;
}

/** The second party of a contact: who is consulted, or the third in a conference. */
export interface ConsultRow {
  by_agent: number;
  kind: "agent" | "queue" | "number";
  target: number | null;
  agent: number | null;
  number: string | null;
  stage: "ringing" | "talking" | "swapped" | "joined";
  started_at: string;
  answered_at: string | null;
  note: string | null;
  /** Begun by a second call of the agent's SIP telephone: its keys alone change parties. */
  is_on_telephone?: boolean;
}

/** A consultation or transfer that came to nothing; `word`: why. */
export interface FailedHandoverRow {
  how: "consult" | "transfer";
  by_agent: number;
  kind: "agent" | "queue" | "number";
  target: number | null;
  number: string | null;
  word: string;
  at: string;
}

/** A supervisor went on with the customer in the agent's place. */
export interface TakeOverRow {
  agent: number;
  supervisor: number;
}

export interface ParkRow {
  slot: number;
  by_agent: number;
  parked_at: string;
}

export type MonitoringMode = "listen" | "whisper" | "barge" | "take_over";

/** A supervisor beside the conversation; sent to supervisors only. */
export interface MonitorRow {
  supervisor: number;
  mode: MonitoringMode;
  is_connected: boolean;
}

export interface InteractionRow {
  id: string;
  phase: Phase;
  direction: "inbound" | "outbound" | "internal";
  customer_number: string | null;
  entry: string | null;
  queue: number | null;
  path: string[];
  started_at: string;
  queued_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  agent: number | null;
  held_since: string | null;
  /** The agent's own telephone holds: its key alone resumes. */
  is_held_on_telephone?: boolean;
  /** Several where the queue rings all. */
  offers: OfferRow[];
  is_recording: boolean;
  end_reason: string | null;
  transfer_to: string | null;
  monitors: MonitorRow[];
  consult: ConsultRow | null;
  parked: ParkRow | null;
  /** Who handed it on last, and what they wrote. */
  from_agent: number | null;
  note: string | null;
  /** The last handover that did not succeed, until somebody goes on with the customer. */
  failed_handover?: FailedHandoverRow | null;
  take_overs?: TakeOverRow[];
  /** Attached data: keys and values that travel with the contact. */
  data: Record<string, string>;
  /** Internal: who stands in the customer's place, and what was dialled: "agent:7", "queue:2". */
  colleague: number | null;
  called: string | null;
  /** What stands in the line: a caller, or what the caller left behind. */
  medium?: "voice" | "voicemail" | "callback";
  message?: MessageRow | null;
  callback?: CallbackRow | null;
  /** Nobody is on the customer's side. */
  lacks_customer?: boolean;
  /** What was promised last while it waits. */
  wait_p50_s: number | null;
  wait_p90_s: number | null;
  estimated_at: string | null;
  /** Of its place in line: since when it counts, priority and class, and the skills asked for. */
  waits_since?: string | null;
  /** How its claim grows: base + per second * waited, at most the third (null: without end). The larger comes first. */
  claim?: [number, number, number | null] | null;
  priority?: number;
  class_code?: string;
  skills?: Record<string, number>;
  /** For whom a lead keeps it, and until when. */
  assigned_to?: number | null;
  assigned_until?: string | null;
  /** By which way it came: "trunk:3", "guest", "telephone:5", "direct", "desk". */
  came_by?: string;
  /** Where in a flow it is, while it is in automatic service. */
  step?: StepRow | null;
  /** Its agent may have the customer asked how it was. */
  may_invite?: boolean;
  /** Since when its telephone node is out of sight: who talks talks on, nobody sees what becomes of it. */
  unseen_since?: string | null;
}

/** The step of a flow at which a caller is; "a/b" is the step b of the sub-flow at a. */
export interface StepRow {
  flow: number;
  version: number;
  node: string;
  kind: string;
  since: string;
}

/** The voice message of a contact; its length once it is left. */
export interface MessageRow {
  recording: string | null;
  duration_s: number | null;
}

export interface CallbackRow {
  number: string | null;
  asked_by: string;
  place_at: string;
  expires_at: string;
  attempts: number;
  cause: string | null;
  due_at: string | null;
}

export interface QueueRow {
  id: number;
  name: string;
  name_en: string;
  waiting: number;
  oldest_queued_at: string | null;
  agents_signed_in: number;
  agents_ready: number;
  offered: number;
  answered: number;
  abandoned: number;
  answered_in_target: number;
  service_level_s: number;
  service_level_pct: number | null;
  answer_rate_pct: number | null;
  average_speed_of_answer_s: number | null;
  talk_s: number;
  wrap_up_s: number;
  /** What a caller who came now would be promised; null: somebody is free, or nothing is known. */
  wait_p50_s: number | null;
  wait_p90_s: number | null;
  /** Waits promised today whose callers were answered, and the share that ended within. */
  estimates: number;
  kept_p50_pct: number | null;
  kept_p90_pct: number | null;
}

export interface Colleague {
  id: number;
  name: string;
  state: AgentState;
}

/** A contact that any agent may fetch. */
export interface ParkedCall {
  slot: number;
  interaction: string;
  number: string | null;
  by_agent: number;
  parked_at: string;
}

/** What a desk without the right `live.read` knows of a queue. */
export interface QueueGlance {
  id: number;
  name: string;
  name_en: string;
  waiting: number;
  agents_ready: number;
}

export interface Board {
  agents: AgentRow[];
  interactions: InteractionRow[];
  queues: QueueRow[];
}

export interface SnapshotMessage {
  type: "snapshot";
  now: string;
  number: number;
  me: AgentRow | null;
  mine: InteractionRow[];
  board: Board | null;
  colleagues: Colleague[];
  queues: QueueGlance[];
  parked: ParkedCall[];
}

/** Rows replace rows of the same id; `gone` names contacts that left. `queues` are whole rows where the desk has a board. */
export interface UpdateMessage {
  type: "update";
  now: string;
  number: number;
  me?: AgentRow | null;
  mine?: InteractionRow[];
  gone?: string[];
  agents?: AgentRow[];
  interactions?: InteractionRow[];
  queues?: (QueueRow | QueueGlance)[];
  colleagues?: Colleague[];
  /** All of them, where one came or went. */
  parked?: ParkedCall[];
}

export interface Problem {
  code: string;
  facts: Record<string, string>;
}

export interface ReplyMessage {
  type: "reply";
  id: string;
  problem: Problem | null;
  result: unknown;
}

export type LiveMessage =
  | SnapshotMessage
  | UpdateMessage
  | ReplyMessage
  | { type: "settings"; version: number }
  | { type: "nudge"; topic: string }
  | { type: "stale"; since: string };

/** To whom a call goes; a queue without target is the one it came from. */
export type Party =
  | { kind: "agent" | "queue"; target: number; is_override?: boolean }
  | { kind: "number"; number: string };

/** What a browser may ask, without the agent: `live` takes that from the ticket. */
export type DeskCommand =
  | { do: "SignIn" }
  | { do: "SignOut" }
  | { do: "SetReady" }
  | { do: "SetNotReady"; reason: string }
  | { do: "WithdrawRest" }
  | { do: "OpenTelephone"; holder: string }
  | { do: "CloseTelephone"; holder: string }
  | { do: "RejectOffer"; offer: string }
  | { do: "HangUp"; interaction: string }
  | { do: "Hold"; interaction: string }
  | { do: "Resume"; interaction: string }
  | { do: "SendDigits"; interaction: string; digits: string }
  | ({ do: "Transfer"; interaction: string; note?: string } & (Party | { kind: "queue" }))
  | ({ do: "Consult"; interaction: string; note?: string } & Party)
  | { do: "CompleteTransfer"; interaction: string; note?: string }
  | { do: "Conference" | "SwapParties" | "EndConsult"; interaction: string }
  | { do: "Park"; interaction: string; note?: string }
  | { do: "AttachData"; interaction: string; data: Record<string, string> }
  | { do: "CallBack" | "InviteSurvey"; interaction: string }
  | { do: "CallLater"; interaction: string; note?: string }
  | { do: "ToVoicemail"; interaction: string; queue?: number; note?: string }
  | { do: "Unpark"; slot: number }
  | { do: "Monitor" | "ChangeMonitoring"; interaction: string; mode: MonitoringMode }
  | { do: "StopMonitoring" | "TakeOver" | "Disconnect"; interaction: string }
  | { do: "Requeue"; interaction: string; in_queue: number; queue: number; keeps_wait: boolean }
  | { do: "ChangePriority"; interaction: string; in_queue: number; priority: number; class_code?: string }
  | { do: "Assign"; interaction: string; in_queue: number; target: number; for_s: number }
  | { do: "Pull"; interaction: string; in_queue: number }
  | { do: "EndWaiting"; interaction: string; in_queue: number; reason: string; prompt: string }
  | { do: "ForceState"; target: number; state: "not_ready" | "ready" | "logged_out" }
  | { do: "AnswerRest"; target: number; refusal?: RestRefusal }
  | { do: "Dial"; number: string; is_override?: boolean }
  | { do: "Dial"; kind: "agent" | "queue"; target: number }
  | { do: "TakeWrapUp"; interaction: string }
  | { do: "CompleteWrapUp"; interaction: string; then_ready: boolean }
  | { do: "ExtendWrapUp"; interaction: string; by_s: number }
  | { do: "CallTest" };

/** The answer to OpenTelephone and to the call-us page's request. */
export interface TelephoneIdentity {
  username: string;
  password: string;
  domain: string;
  path: string;
  call: string | null;
  expires_at: string | null;
}
