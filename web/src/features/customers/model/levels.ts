import type { Tone } from "@/ui/StatusTag";

export const levels = ["ordinary", "important", "vip"] as const;
export type Level = (typeof levels)[number];

export const genders = ["unknown", "female", "male"] as const;

export const levelTone: Record<Level, Tone> = { ordinary: "off", important: "talk", vip: "acw" };
