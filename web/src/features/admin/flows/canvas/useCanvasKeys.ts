import type { KeyboardEvent } from "react";
import { isComposing, isTyping } from "@/lib/hotkeys";
import type { FlowGraph } from "../model/graph";
import type { Kinds } from "../model/kinds";
import { type Direction, walk } from "../model/walking";
import type { Canvas } from "./useCanvas";
import type { Deeds } from "./useDeeds";

const WALKS: Readonly<Record<string, Direction>> = {
  ArrowRight: "onward",
  ArrowLeft: "back",
  ArrowUp: "up",
  ArrowDown: "down",
};
const NUDGES: Readonly<Record<string, { x: number; y: number }>> = {
  ArrowRight: { x: 20, y: 0 },
  ArrowLeft: { x: -20, y: 0 },
  ArrowUp: { x: 0, y: -20 },
  ArrowDown: { x: 0, y: 20 },
};

interface Given {
  graph: FlowGraph;
  kinds: Kinds;
  canvas: Canvas;
  deeds: Deeds;
  isReadOnly: boolean;
  undo: () => void;
  redo: () => void;
  save: (() => void) | undefined;
  /** Move the cursor to the panel of the step, the palette's search, or the canvas's. */
  focusOn: (place: "panel" | "palette" | "search") => void;
  /** Tell which step one came to; `isHeld`: by a key that repeats, on the way to another. */
  onWalked: (id: string, isHeld: boolean) => void;
}

/** What the keys do while the canvas has the cursor. Keys that it does not know are the browser's. */
export function useCanvasKeys(given: Given): (event: KeyboardEvent) => void {
  const { graph, kinds, canvas, deeds, isReadOnly, undo, redo, save, focusOn, onWalked } = given;

  const go = (direction: Direction, isHeld: boolean) => {
    const here = canvas.steps.at(-1);
    const to = here === undefined ? graph.start : walk(graph, kinds, here, direction);
    if (to === null) return;
    canvas.goTo(to);
    onWalked(to, isHeld);
  };
  const withControl: Record<string, () => void> = {
    a: () => canvas.setSelected(new Set(canvas.nodes.map(({ id }) => id))),
    f: () => focusOn("search"),
    ...(!isReadOnly && {
      z: undo,
      y: redo,
      s: () => save?.(),
      d: () => {
        const text = deeds.copy();
        if (text !== "") deeds.take(text);
      },
    }),
  };
  const plain: Record<string, () => void> = {
    enter: () => focusOn("panel"),
    escape: () => canvas.setSelected(new Set()),
    home: () => {
      canvas.goTo(graph.start);
      onWalked(graph.start, false);
    },
    "+": () => void canvas.flow.zoomIn(),
    "=": () => void canvas.flow.zoomIn(),
    "-": () => void canvas.flow.zoomOut(),
    "0": () => void canvas.flow.fitView({ padding: 0.1, maxZoom: 1 }),
    "/": () => focusOn("search"),
    ...(!isReadOnly && {
      delete: deeds.remove,
      backspace: deeds.remove,
      insert: () => focusOn("palette"),
      a: () => focusOn("palette"),
      n: deeds.addNote,
      l: () => void deeds.arrange(),
    }),
  };
  return (event) => {
    if (isComposing(event.nativeEvent) || isTyping(event.target)) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  };

  function actOf(event: KeyboardEvent): (() => void) | undefined {
    const { key } = event;
    const walked = WALKS[key];
    if (event.ctrlKey || event.metaKey)
      return event.shiftKey && key.toLowerCase() === "z" ? withControl.y : withControl[key.toLowerCase()];
    if (walked && event.altKey)
      return isReadOnly ? undefined : () => deeds.nudge(NUDGES[key] ?? { x: 0, y: 0 });
    if (walked) return () => go(walked, event.repeat);
    return plain[key.toLowerCase()];
  }
}
