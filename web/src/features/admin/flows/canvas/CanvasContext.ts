import { createContext, useContext } from "react";
import type { FlowNode } from "../model/graph";
import type { KnownKinds } from "../model/useKinds";

/** What every step on the canvas is told in words. */
export interface CanvasWords {
  known: KnownKinds;
  detailOf: (node: FlowNode) => string;
  /** the steps' numbers in the outline, so that both views call them the same */
  numbers: ReadonlyMap<string, number>;
  /** what is wrong with steps, in words */
  troubles: ReadonlyMap<string, string>;
  /** Change a note's words; where it is missing, nothing can be changed. */
  onNote?: (id: string, text: string) => void;
}

export const CanvasContext = createContext<CanvasWords | null>(null);

export function useCanvasWords(): CanvasWords {
  const words = useContext(CanvasContext);
  if (!words) throw new Error("a step is drawn outside of a canvas");
  return words;
}

/** The element of a step, for the canvas to name as the one it stands at. */
export function elementId(step: string): string {
  return `canvas-step-${step}`;
}
