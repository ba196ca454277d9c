import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatInstant } from "@/lib/time";
import type { Outcome, Rehearsal } from "./resources";

type Agent = Outcome["agents"][number];
type Step = Outcome["steps"][number];

/** What a rehearsal found, in sentences. */
export function useRehearsalWords(rehearsal: Rehearsal) {
  const { t } = useTranslation(["rehearsal", "admin", "interactions", "routing"]);
  const zone = useTimeZone();
  const names = (agents: readonly number[]) =>
    agents.map((agent) => rehearsal.names[String(agent)] ?? String(agent)).join(t("comma"));
  const rule = (code: string) =>
    t(`interactions:history.why.rules.${code as "longest_idle"}`, { defaultValue: code });

  const verdict = (outcome: Outcome) =>
    outcome.offered_to.length > 0
      ? t("offered", { names: names(outcome.offered_to), rule: rule(outcome.rule) })
      : t("waits", { count: outcome.before });

  const facts = (outcome: Outcome): string[] => {
    const others = Object.entries(outcome.what_if).filter(([, agent]) => !outcome.offered_to.includes(agent));
    return [
      rehearsal.is_blocked && t("fact.blocked"),
      rehearsal.is_vip && t("fact.vip"),
      outcome.is_open
        ? t("fact.open")
        : outcome.opens_at
          ? t("fact.closedUntil", { time: formatInstant(outcome.opens_at, zone) })
          : t("fact.closed"),
      outcome.class_code && t("fact.class", { code: outcome.class_code, points: outcome.points }),
      outcome.preferred.length > 0 &&
        t("fact.preferred", {
          names: names(outcome.preferred),
          time: formatDuration(outcome.preferred_for_s),
        }),
      outcome.p50_s != null &&
        t("fact.wait", {
          p50: formatDuration(Math.round(outcome.p50_s)),
          p90: formatDuration(Math.round(outcome.p90_s ?? 0)),
        }),
      outcome.offered_to.length === 0 && outcome.p50_s == null && t("fact.waitUnknown"),
      ...others.map(([code, agent]) => t("fact.whatIf", { rule: rule(code), name: names([agent]) })),
    ].filter((fact): fact is string => Boolean(fact));
  };

  /** What keeps an agent from being asked: the wait that is missing, and the skills. */
  const whyNot = (one: Agent): string =>
    [
      Object.keys(one.load).length > 0 &&
        t("has", {
          what: Object.entries(one.load)
            .map(([channel, count]) => `${t(`routing:channels.${channel as "chat"}`)} ${count}`)
            .join(t("comma")),
        }),
      ...Object.entries(one.missing).map(([skill, level]) => t("lacks", { skill, level })),
      one.after_s != null && one.after_s > 0 && t("askedAfter", { time: formatDuration(one.after_s) }),
      one.after_s == null && one.verdict !== "chosen" && t("neverAsked"),
    ]
      .filter(Boolean)
      .join(t("comma"));

  const step = (one: Step) =>
    t("step", {
      when: t(`interactions:history.overflowWhen.${one.condition as "closed"}`, { count: one.threshold }),
      action: t(`admin:overflow.actions.${one.action as "leave"}`),
    });

  const when = (one: Step) => {
    if (!one.is_reached) return t("steps.never");
    if (one.at_s == null) return t("steps.once");
    return one.at_s === 0 ? t("steps.atOnce") : t("steps.after", { time: formatDuration(one.at_s) });
  };
  return { verdict, facts, whyNot, step, when };
}
