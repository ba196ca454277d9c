/** How calls ring, queue by queue, as the user has set it. */
import { create } from "zustand";

export type Tune = "classic" | "soft" | "bright";
export interface Sound {
  tune: Tune;
  is_muted: boolean;
}

export const CLASSIC: Sound = { tune: "classic", is_muted: false };

/** By the queue's id as text; a queue that is not named rings as everything does. */
export const useSounds = create<{ byQueue: Record<string, Sound> }>(() => ({ byQueue: {} }));

export function soundOf(queue: number | null | undefined, byQueue: Record<string, Sound>): Sound {
  return byQueue[String(queue ?? "")] ?? CLASSIC;
}
