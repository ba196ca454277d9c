import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type HistoryEntry = Schema<"HistoryEntryOut">;
export type OfferReason = Schema<"OfferReasonOut">;

export function historyQuery(interaction: string, isLive: boolean) {
  return queryOptions({
    queryKey: ["interactions", interaction, "history"],
    queryFn: async () =>
      (
        await bodyOf(
          api.GET("/api/interactions/{interaction_id}/history", {
            params: { path: { interaction_id: interaction } },
          }),
        )
      ).items,
    refetchInterval: isLive ? 5_000 : false,
  });
}

/** What kind of thing an entry tells: its mark on the line of time. */
export type EntryTone = "flow" | "queue" | "talk" | "trouble" | "end";

/** Every event that is told. What only machines care for (a leg dialled, a recording begun) is left out. */
const told = {
  InteractionStarted: "flow",
  NodeEntered: "flow",
  DigitsCollected: "flow",
  QueueEntered: "queue",
  WaitEstimated: "queue",
  OverflowTaken: "queue",
  Offered: "queue",
  OfferEnded: "queue",
  QueueLeft: "queue",
  DialStarted: "talk",
  DialEnded: "talk",
  SegmentStarted: "talk",
  SegmentEnded: "talk",
  HoldStarted: "talk",
  HoldEnded: "talk",
  TransferStarted: "talk",
  TransferFailed: "trouble",
  RecordingDelayed: "trouble",
  RecordingFailed: "trouble",
  AgentLegLost: "trouble",
  AgentLegBack: "talk",
  ConsultStarted: "talk",
  ConsultAnswered: "talk",
  ConferenceStarted: "talk",
  ConsultEnded: "talk",
  Parked: "queue",
  ParkEnded: "queue",
  MessageInvited: "queue",
  MessageEnded: "queue",
  CallbackAgreed: "queue",
  CallbackPostponed: "queue",
  CallbackEnded: "queue",
  DeferredReassigned: "queue",
  SurveyStarted: "flow",
  SurveyAnswered: "flow",
  RequestEnded: "flow",
  MessageOrdered: "flow",
  LanguageSet: "flow",
  UtteranceHeard: "flow",
  ConsentAnswered: "flow",
  Requeued: "queue",
  PriorityChanged: "queue",
  Assigned: "queue",
  Pulled: "queue",
  EndedWithMessage: "trouble",
  DataAttached: "flow",
  MonitoringAnswered: "talk",
  MonitoringChanged: "talk",
  MonitoringEnded: "talk",
  TakenOver: "talk",
  Disconnected: "trouble",
  SightLost: "trouble",
  SightRegained: "talk",
  InteractionEnded: "end",
} as const satisfies Record<string, EntryTone>;

export type ToldType = keyof typeof told;

/** Kinds of step whose being entered says something. */
const TOLD_NODES: readonly string[] = ["menu", "play", "hours", "shortcut"];

export function isTold(entry: HistoryEntry): entry is HistoryEntry & { type: ToldType } {
  if (!(entry.type in told)) return false;
  switch (entry.type as ToldType) {
    case "NodeEntered": // what a node does is told by its own events; its being entered only where it says something
      return TOLD_NODES.includes(entry.node_kind);
    case "OfferEnded": // the answer is told by the conversation that begins
    case "QueueLeft":
      return entry.outcome !== "answered";
    case "DialEnded":
      return entry.answered === false;
    default:
      return true;
  }
}

/** How a request of the flow comes to nothing by the other side's fault. */
const FAILED: readonly string[] = ["failed", "late"];

/** How an offer ends that nobody let ring, refused or missed. */
const NOBODYS_FAULT: readonly string[] = ["customer_gone", "elsewhere"];

export function toneOf(entry: HistoryEntry & { type: ToldType }): EntryTone {
  if (entry.type === "OfferEnded" && !NOBODYS_FAULT.includes(entry.outcome)) return "trouble";
  if (entry.type === "QueueLeft" && entry.outcome === "abandoned") return "trouble";
  if (entry.type === "DialEnded") return "trouble";
  if (entry.type === "RequestEnded" && FAILED.includes(entry.outcome)) return "trouble";
  return told[entry.type];
}
