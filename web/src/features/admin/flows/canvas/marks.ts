import type { FlowProblem } from "../model/queries";

/** What a step or a way on the canvas is marked as, beside being selected: told by its colour, its line and a word. */
export type Mark = "added" | "removed" | "changed" | "path" | "passed" | "here";

export interface Marks {
  nodes: ReadonlyMap<string, Mark>;
  /** by the id of the way: `wayId` */
  ways: ReadonlyMap<string, Mark>;
}

export const NO_MARKS: Marks = { nodes: new Map(), ways: new Map() };

export function wayId(from: string, exit: string): string {
  return JSON.stringify([from, exit]);
}

/** The caller's way to a problem, lit from the start to where it goes wrong. */
export function marksOfProblem(problem: FlowProblem | null): Marks {
  if (!problem) return NO_MARKS;
  const steps = [...problem.path.map(({ node }) => node), ...(problem.node === null ? [] : [problem.node])];
  return {
    nodes: new Map(steps.map((step) => [step, "path"])),
    ways: new Map(problem.path.map(({ node, exit }) => [wayId(node, exit), "path"])),
  };
}
