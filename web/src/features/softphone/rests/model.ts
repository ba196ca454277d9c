/** What an agent is told about its rest, and about calls that it let ring: pure. */
import { formatDuration, secondsSince, secondsUntil } from "@/lib/time";
import type { AgentRow } from "@/live/messages";

export type LifeNotice =
  | { kind: "asked" | "granted" }
  | { kind: "waiting"; place: number }
  | { kind: "refused"; why: "busy_now" | "too_few" | "later" | "other" }
  | { kind: "overrun"; time: string }
  | { kind: "resting"; time: string }
  | { kind: "missed"; count: number; time: string | null };

/** The one thing to say under the bar; null: nothing. */
export function noticeOf(me: AgentRow | null, now_ms: number): LifeNotice | null {
  if (!me) return null;
  if (me.state === "not_ready" && me.reason === "ring_no_answer") {
    const time = me.until ? formatDuration(secondsUntil(me.until, now_ms)) : null;
    return { kind: "missed", count: me.missed ?? 1, time };
  }
  const rest = me.rest;
  if (!rest) return null;
  switch (rest.stage) {
    case "waiting":
      return { kind: "waiting", place: rest.place ?? 1 };
    case "refused":
      return { kind: "refused", why: rest.refusal ?? "other" };
    case "taken":
      if (me.state !== "rest" || !rest.until) return null;
      return Date.parse(rest.until) <= now_ms
        ? { kind: "overrun", time: formatDuration(secondsSince(rest.until, now_ms)) }
        : { kind: "resting", time: formatDuration(secondsUntil(rest.until, now_ms)) };
    default:
      return { kind: rest.stage };
  }
}

/** What stands behind a reason of rest in the menu: whether there is a place, and how long it is planned. */
export function restHint(
  me: AgentRow | null,
  planned_min: number,
): { key: "free" | "full" | "short"; count: number } | null {
  if (me?.rest_left_s != null && (me.rest_left_s <= 0 || me.rest_left_s < planned_min * 60))
    return { key: "short", count: Math.floor(me.rest_left_s / 60) };
  if (me?.rests_free == null) return null;
  return me.rests_free > 0 ? { key: "free", count: me.rests_free } : { key: "full", count: 0 };
}
