/** A trial call on the canvas: which steps and ways it has passed, and where it stands. Pure. */
import type { Schema } from "@/api/client";
import { type Mark, type Marks, NO_MARKS, wayId } from "../canvas/marks";
import type { FlowEdge, FlowGraph } from "../model/graph";

export type Trial = Schema<"TrialOut">;
export type TrialTrace = Schema<"ScriptTraceOut">;

export interface WalkedStep {
  /** the step as drawn: of what lies within a sub-flow, the step that uses it */
  step: string;
  /** the exit by which the step before was left; "" where the call came here anew */
  through: string;
}

/** The steps that a call came to, one after the other; a sub-flow is one step for as long as the call is within. */
export function stepsOf(traces: readonly TrialTrace[]): WalkedStep[] {
  const steps: WalkedStep[] = [];
  for (const { what, name, through } of traces) {
    if (what !== "node") continue;
    const [step = name] = name.split("/");
    if (name !== step && steps.at(-1)?.step === step) continue;
    steps.push({ step, through });
  }
  return steps;
}

/** What of the drawing is lit; `isOver`: nobody stands anywhere any more. */
export function marksOfWalk(graph: FlowGraph, steps: readonly WalkedStep[], isOver: boolean): Marks {
  const last = steps.at(-1);
  if (!last) return NO_MARKS;
  const nodes = new Map<string, Mark>(steps.map(({ step }) => [step, "passed"]));
  if (!isOver) nodes.set(last.step, "here");
  const ways = new Map<string, Mark>();
  for (const [at, { step, through }] of steps.entries()) {
    const way = through === "" ? undefined : wayBetween(graph, steps[at - 1]?.step, through, step);
    if (way) ways.set(wayId(way.from, way.exit), "passed");
  }
  return { nodes, ways };
}

/** The way taken. A sub-flow is left by an exit of a step within, so that only where it leads tells which way it was. */
function wayBetween(
  graph: FlowGraph,
  from: string | undefined,
  exit: string,
  to: string,
): FlowEdge | undefined {
  const ways = graph.edges.filter((way) => way.from === from && way.to === to);
  return ways.find((way) => way.exit === exit) ?? ways[0];
}
