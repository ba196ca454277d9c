/** How it stands with one who speaks or hears, by what came last. Pure. */
import type { Tone } from "@/ui/StatusTag";
import type { Speaker } from "./api";

export type Condition = "works" | "unproven" | "failing";

export const TONES: Record<Condition, Tone> = { works: "ready", unproven: "off", failing: "break" };

export function conditionOf({
  succeeded_at,
  failed_at,
}: Pick<Speaker, "succeeded_at" | "failed_at">): Condition {
  if (failed_at && (!succeeded_at || failed_at > succeeded_at)) return "failing";
  return succeeded_at ? "works" : "unproven";
}
