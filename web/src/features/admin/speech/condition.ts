/** How it stands with one who speaks or hears, by what came last. Pure. */
import type { Tone } from "@/ui/StatusTag";
import type { Speaker } from "./api";

export type Condition = "works" | "unproven" | "failing" | "nobody";

export const TONES: Record<Condition, Tone> = {
  works: "ready",
  unproven: "off",
  failing: "break",
  nobody: "off",
};

/** The installation itself hears no Chinese; what is known of its hearing is of other languages. */
export function isNobody({ kind, language, service_id }: Speaker): boolean {
  return service_id === null && kind === "recognition" && language === "zh";
}

export function conditionOf(speaker: Speaker): Condition {
  if (isNobody(speaker)) return "nobody";
  const { succeeded_at, failed_at } = speaker;
  if (failed_at && (!succeeded_at || failed_at > succeeded_at)) return "failing";
  return succeeded_at ? "works" : "unproven";
}
