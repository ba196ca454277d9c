import type { Schema } from "@/api/client";

export type Kind = Schema<"TimelineEntryOut">["kind"];

export const KINDS: readonly Kind[] = ["contact", "note", "follow_up", "change"];
