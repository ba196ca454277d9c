/** What stands at the right of the desk, and how wide, as the user has set it. */
import { create } from "zustand";

export const NARROWEST_PX = 240;
export const WIDEST_PX = 720;

export interface Panels {
  shown: string;
  width_px: number;
}

export const usePanels = create<Panels>(() => ({ shown: "customer", width_px: 320 }));

export function withinWidth(width_px: number): number {
  return Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, width_px)));
}
