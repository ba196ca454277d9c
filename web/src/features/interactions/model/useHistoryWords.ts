import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatTimeOfDay } from "@/lib/time";
import type { HistoryEntry, OfferReason, ToldType } from "./history";

type Code<Name extends string> = Name;

/** Say what happened, in a sentence of the reader's language. */
export function useHistoryWords() {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  const agent = (entry: HistoryEntry) => entry.agent_name || t("history.someAgent");

  /** A code in words; one that a newer engine says is shown as it is. */
  const word = (
    kind:
      | "offerEnd"
      | "queueEnd"
      | "segmentEnd"
      | "consultEnd"
      | "parkEnd"
      | "messageEnd"
      | "callbackEnd"
      | "monitoringEnd"
      | "mode"
      | "cause"
      | "exit"
      | "party",
    code: string,
  ) => t(`history.${kind}.${code as Code<"hangup">}` as "history.cause.hangup", { defaultValue: code });

  /** What the flow asked, and which external service where it was one. */
  const requested = (entry: HistoryEntry): string => {
    const request = t(`history.requests.${entry.request as "http"}`, { defaultValue: entry.request });
    return entry.service_name
      ? t("history.requestedService", { request, service: entry.service_name })
      : request;
  };

  /** The same, with what was written for the next agent. */
  const told = (entry: HistoryEntry & { type: ToldType }): string =>
    entry.note ? `${sentence(entry)} · ${t("history.note", { note: entry.note })}` : sentence(entry);

  const sentence = (entry: HistoryEntry & { type: ToldType }): string => {
    switch (entry.type) {
      case "InteractionStarted":
        if (entry.entry_rule_name) return t("history.startedByRule", { rule: entry.entry_rule_name });
        if (entry.entry_trial_name) return t("history.startedOutside", { rule: entry.entry_trial_name });
        return t("history.started");
      case "NodeEntered":
        return t(`history.node.${entry.node_kind as "menu"}`);
      case "DigitsCollected":
        if (!entry.key) return t("history.noDigits", { exit: word("exit", entry.exit) });
        return entry.key_label
          ? t("history.pressedFor", { key: entry.key, label: entry.key_label })
          : t("history.pressed", { key: entry.key });
      case "QueueEntered":
        return t("history.queued", { queue: entry.queue_name });
      case "WaitEstimated":
        return t("history.estimated", {
          p50: formatDuration(Math.round(entry.p50_s ?? 0)),
          p90: formatDuration(Math.round(entry.p90_s ?? 0)),
          count: entry.before ?? 0,
        });
      case "OverflowTaken":
        return t("history.overflow", {
          condition: t(`history.overflowWhen.${entry.condition as "closed"}`, {
            count: entry.threshold ?? 0,
          }),
          action: t(`history.overflowDone.${entry.action as "leave"}`, { target: entry.target_name }),
        });
      case "Offered":
        return t("history.offered", { agent: agent(entry) });
      case "OfferEnded":
        if (entry.outcome === "elsewhere") return t("history.offerElsewhere", { agent: agent(entry) });
        return t("history.offerEnded", { agent: agent(entry), outcome: word("offerEnd", entry.outcome) });
      case "QueueLeft":
        return t("history.queueLeft", { queue: entry.queue_name, outcome: word("queueEnd", entry.outcome) });
      case "DialStarted":
        return t("history.dialling", {
          party: entry.agent_name || entry.target_name || word("party", entry.party),
        });
      case "DialEnded":
        return t("history.dialFailed", {
          party: entry.agent_name || word("party", entry.party),
          cause: word("cause", entry.cause),
        });
      case "SegmentStarted":
        return t("history.talking", { agent: agent(entry) });
      case "SegmentEnded":
        return t("history.talked", { agent: agent(entry), outcome: word("segmentEnd", entry.outcome) });
      case "HoldStarted":
        return t("history.held", { agent: agent(entry) });
      case "HoldEnded":
        return t("history.resumed", { agent: agent(entry) });
      case "TransferStarted":
        return t(entry.agent_name ? "history.transferring" : "history.flowTransfers", {
          agent: agent(entry),
          target: entry.target_name || word("party", entry.party),
        });
      case "TransferFailed":
        return t("history.transferFailed", { cause: word("cause", entry.cause) });
      case "RecordingDelayed":
        return t("history.recordingDelayed");
      case "RecordingFailed":
        return t("history.recordingFailed");
      case "AgentLegLost":
        return t("history.agentLost", { agent: agent(entry) });
      case "AgentLegBack":
        return t("history.agentBack", { agent: agent(entry) });
      case "ConsultStarted":
        return t("history.consulting", {
          agent: agent(entry),
          target: entry.target_name || word("party", entry.party),
        });
      case "ConsultAnswered":
        return entry.agent_name
          ? t("history.consultAnswered", { agent: entry.agent_name })
          : t("history.consultAnsweredOutside");
      case "ConferenceStarted":
        return t("history.conference", { agent: agent(entry) });
      case "ConsultEnded":
        return t("history.consultEnded", { outcome: word("consultEnd", entry.outcome) });
      case "Parked":
        return t("history.parked", { agent: agent(entry), slot: entry.slot });
      case "ParkEnded":
        return entry.outcome === "fetched"
          ? t("history.parkFetched", { agent: agent(entry), slot: entry.slot })
          : t("history.parkEnded", { slot: entry.slot, outcome: word("parkEnd", entry.outcome) });
      case "MessageInvited":
        return t("history.messageInvited", { queue: entry.queue_name });
      case "MessageEnded":
        return t("history.messageEnded", { outcome: word("messageEnd", entry.outcome) });
      case "CallbackAgreed":
        return t("history.callbackAgreed", { queue: entry.queue_name });
      case "CallbackPostponed":
        return t("history.callbackPostponed", { cause: word("cause", entry.cause) });
      case "CallbackEnded":
        return t("history.callbackEnded", { outcome: word("callbackEnd", entry.outcome) });
      case "DeferredReassigned":
        return entry.agent_name
          ? t("history.reassignedTo", { agent: entry.agent_name, queue: entry.queue_name })
          : t("history.reassigned", { queue: entry.queue_name });
      case "SurveyStarted":
        return t("history.surveyStarted", { queue: entry.queue_name });
      case "SurveyAnswered":
        return t("history.surveyAnswered", {
          question: entry.question,
          score: entry.score,
          most: entry.most,
        });
      case "RequestEnded":
        return t("history.requestEnded", {
          request: requested(entry),
          outcome: t(`history.requestOutcomes.${entry.outcome as "found"}`, { defaultValue: entry.outcome }),
        });
      case "MessageOrdered":
        return t("history.messageOrdered");
      case "UtteranceHeard":
        return entry.note ? t("history.utteranceHeard", { words: entry.note }) : t("history.utteranceErased");
      case "LanguageSet":
        return t(`history.languageSet.${entry.language as "zh"}`);
      case "ConsentAnswered":
        return t(`history.consent.${entry.outcome as "given"}`);
      case "Requeued":
        return t(entry.keeps_wait ? "history.requeued" : "history.requeuedAnew", {
          supervisor: entry.supervisor_name,
          from: entry.from_queue_name,
          queue: entry.queue_name,
        });
      case "PriorityChanged":
        return t(entry.class_name ? "history.reclassed" : "history.prioritised", {
          supervisor: entry.supervisor_name,
          before: entry.priority_before,
          priority: entry.priority,
          class: entry.class_name,
        });
      case "Assigned":
        return t("history.assigned", {
          supervisor: entry.supervisor_name,
          agent: agent(entry),
          until: formatTimeOfDay(entry.until ?? entry.at, zone),
        });
      case "Pulled":
        return entry.agent_name
          ? t("history.pulledFrom", { supervisor: entry.supervisor_name, agent: entry.agent_name })
          : t("history.pulled", { supervisor: entry.supervisor_name });
      case "EndedWithMessage":
        return t("history.endedInLine", { supervisor: entry.supervisor_name });
      case "DataAttached":
        return t("history.attached", {
          data: Object.entries(entry.data ?? {})
            .map(([name, value]) => t("history.dataPair", { name, value }))
            .join(t("history.why.comma")),
        });
      case "MonitoringAnswered":
        return t("history.monitoring", {
          supervisor: entry.supervisor_name,
          mode: word("mode", entry.mode),
          agent: agent(entry),
        });
      case "MonitoringChanged":
        return t("history.monitoringChanged", {
          supervisor: entry.supervisor_name,
          mode: word("mode", entry.mode),
        });
      case "MonitoringEnded":
        return t("history.monitoringEnded", {
          supervisor: entry.supervisor_name,
          outcome: word("monitoringEnd", entry.outcome),
        });
      case "TakenOver":
        return t("history.takenOver", { supervisor: entry.supervisor_name, agent: agent(entry) });
      case "Disconnected":
        return t("history.disconnected", { supervisor: entry.supervisor_name });
      case "SightLost":
        return t("history.sightLost");
      case "SightRegained":
        return t("history.sightRegained");
      case "InteractionEnded":
        return t(entry.within_s ? "history.endedUnseen" : "history.ended", {
          by: t(`endedBy.${entry.by as "customer"}`, { defaultValue: entry.by }),
          cause: word("cause", entry.cause),
          within: formatDuration(Math.ceil(entry.within_s ?? 0)),
        });
    }
  };

  const ruleOf = (rule: string) =>
    t(`history.why.rules.${rule as Code<"longest_idle">}`, { defaultValue: rule });

  /** What other rules would have done: one line for each agent that they would have asked instead. */
  const whatIf = (why: OfferReason, agent: number | null | undefined): string[] => {
    const others = (why.what_if ?? []).filter((other) => other.agent !== agent);
    if (!why.what_if?.length) return [];
    if (!others.length) return [t("history.why.same")];
    const names = [...new Set(others.map((other) => other.agent_name))];
    return names.map((name) =>
      t("history.why.whatIf", {
        agent: name || t("history.someAgent"),
        rules: others
          .filter((other) => other.agent_name === name)
          .map((other) => ruleOf(other.rule))
          .join(t("history.why.comma")),
      }),
    );
  };

  /** The decision record: why this agent was offered the contact. */
  const reason = (why: OfferReason, agent?: number | null): string[] => [
    why.rule === "only_agent"
      ? t("history.why.only_agent")
      : t("history.why.by", { rule: ruleOf(why.rule), time: formatDuration(why.idle_s) }),
    ...(why.joins ? [t("history.why.joins")] : []),
    ...(why.rung ? [t("history.why.rung", { count: why.rung, most: why.at_most })] : []),
    ...(why.queue_name ? [t("history.why.queue", { queue: why.queue_name })] : []),
    ...(why.class_name ? [t("history.why.class", { name: why.class_name })] : []),
    ...(why.contact_rule
      ? [
          t(`history.why.contactRule.${why.contact_rule as Code<"priority">}`, {
            points: why.points ?? 0,
            defaultValue: why.contact_rule,
          }),
        ]
      : []),
    ...(why.preferred_end
      ? [
          t(`history.why.preferred.${why.preferred_end as Code<"waited">}`, {
            agents: (why.preferred_names ?? []).join(t("history.why.comma")),
            defaultValue: why.preferred_end,
          }),
        ]
      : []),
    t("history.why.waited", { time: formatDuration(why.waited_s) }),
    t("history.why.able", { count: why.able }),
    ...(why.unskilled > 0 ? [t("history.why.unskilled", { count: why.unskilled })] : []),
    ...(why.refused > 0 ? [t("history.why.refused", { count: why.refused })] : []),
    ...(why.next.length > 0
      ? [
          t("history.why.next", {
            agents: why.next
              .map((other) =>
                t("history.why.other", { agent: other.agent_name, time: formatDuration(other.idle_s) }),
              )
              .join(t("history.why.comma")),
          }),
        ]
      : []),
    ...whatIf(why, agent),
    ...(why.rules ? [t(`history.why.trial.${why.rules as Code<"draft">}`)] : []),
  ];
  return {
    sentence: told,
    reason,
    ruleBetweenContacts: (rule: string) =>
      t(`history.why.contactRules.${rule as Code<"priority">}`, { defaultValue: rule }),
    causeOf: (code: string) => word("cause", code),
    offerEnd: (code: string) => word("offerEnd", code),
  };
}
