import type { Tone } from "@/ui/StatusTag";

export const outcomes = ["answered", "abandoned", "overflowed", "self_service", "not_reached"] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeTone: Record<Outcome | "", Tone> = {
  "": "ready",
  answered: "talk",
  abandoned: "ring",
  overflowed: "acw",
  self_service: "off",
  not_reached: "off",
};
