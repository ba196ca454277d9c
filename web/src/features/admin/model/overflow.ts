import type { Queue } from "./api";

export type OverflowStep = Queue["overflow"][number];

export const CONDITIONS = [
  "waited_over",
  "line_reached",
  "expected_over",
  "nobody_signed_in",
  "nobody_at_work",
  "nobody_ready",
  "closed",
] as const satisfies readonly OverflowStep["condition"][];

export const ACTIONS = [
  "add_queue",
  "move",
  "play",
  "end",
  "leave",
  "message",
  "callback",
] as const satisfies readonly OverflowStep["action"][];

/** What a condition counts, or null where it asks for no number. */
export function unitOf(condition: OverflowStep["condition"] | undefined): "seconds" | "callers" | null {
  if (condition === "waited_over" || condition === "expected_over") return "seconds";
  return condition === "line_reached" ? "callers" : null;
}

/** What an action needs: another queue, a prompt, or nothing. */
export function needOf(action: OverflowStep["action"] | undefined): "queue" | "prompt" | null {
  if (action === "add_queue" || action === "move") return "queue";
  return action === "play" || action === "end" ? "prompt" : null;
}

const FIRST_S = 60;

/** A fresh step, a minute after the last one that waits. */
export function nextStep(steps: readonly OverflowStep[]): OverflowStep {
  const waited = steps.filter(({ condition }) => condition === "waited_over").map((step) => step.threshold);
  return {
    condition: "waited_over",
    threshold: Math.max(0, ...waited) + FIRST_S,
    action: "add_queue",
    queue: null,
    prompt: "",
  };
}
