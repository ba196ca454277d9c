/** A flow as an ordered outline: what a caller meets, step by step, with a branch for every way it can go. Pure. */
import type { FlowGraph, FlowNode } from "./graph";
import { exitsOf, type Kinds } from "./kinds";

/** How a sequence of steps ends: it was the last word, it goes on at a step told elsewhere, or nobody said where. */
export type SequenceEnd = { kind: "end" } | { kind: "jump"; to: number } | { kind: "open" };

/** The kinds of step to which no drawn way leads: where a flow goes on when a step fails, or when a caller says so. */
const ROOTS: readonly string[] = ["on_error", "shortcut"];

export interface Sequence {
  steps: Step[];
  end: SequenceEnd;
}

export interface Branch extends Sequence {
  exit: string;
}

export interface Step {
  /** counted in the order of the outline, from 1: other branches refer to it */
  number: number;
  node: FlowNode;
  /** empty where the next step simply follows */
  branches: Branch[];
}

export interface Outline {
  main: Sequence;
  /** what follows where a step fails, and what leads on from any step, if the flow says so */
  besides: Sequence[];
  /** Nodes that no caller can reach. */
  unreachable: FlowNode[];
}

/** Tell `graph` from its start. Every node is told once, where it is met first; later ways there jump to its number. */
export function toOutline(graph: FlowGraph, kinds: Kinds): Outline {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const targets = new Map(graph.edges.map(({ from, exit, to }) => [`${from}\n${exit}`, to]));
  const numbers = new Map<string, number>();

  const follow = (first: string | undefined): Sequence => {
    const steps: Step[] = [];
    let id = first;
    for (;;) {
      const node = id === undefined ? undefined : nodes.get(id);
      if (!node) return { steps, end: { kind: "open" } };
      const told = numbers.get(node.id);
      if (told !== undefined) return { steps, end: { kind: "jump", to: told } };
      const number = numbers.size + 1;
      numbers.set(node.id, number);
      const exits = exitsOf(node, kinds, graph);
      const step: Step = { number, node, branches: [] };
      steps.push(step);
      if (exits.length === 0) return { steps, end: { kind: "end" } };
      if (exits.length > 1) {
        step.branches = exits.map((exit) => ({
          exit,
          ...follow(targets.get(`${node.id}\n${exit}`)),
        }));
        return { steps, end: { kind: "end" } };
      }
      id = targets.get(`${node.id}\n${exits[0]}`);
    }
  };
  const main = follow(graph.start);
  const besides = graph.nodes
    .filter(({ kind, id }) => ROOTS.includes(kind) && !numbers.has(id))
    .map(({ id }) => follow(id));
  return { main, besides, unreachable: graph.nodes.filter(({ id }) => !numbers.has(id)) };
}

/** The number of every node that the outline tells, so that problems can name steps as the page does. */
export function numbersOf({ main, besides }: Outline): Map<string, number> {
  const numbers = new Map<string, number>();
  const note = ({ steps }: Sequence): void => {
    for (const { node, number, branches } of steps) {
      numbers.set(node.id, number);
      branches.forEach(note);
    }
  };
  note(main);
  besides.forEach(note);
  return numbers;
}
