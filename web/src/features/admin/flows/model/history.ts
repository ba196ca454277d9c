/** What was done to a draft, so that it can be undone: each command is a function from graph to graph. Pure. */
import type { FlowGraph } from "./graph";

/** What a command did, for whoever hears it told: a word of the locale file `did.*`, and what it needs. */
export interface Deed {
  name: string;
  facts?: Readonly<Record<string, string | number>>;
}

export interface Command extends Deed {
  run: (graph: FlowGraph) => FlowGraph;
  /** Commands that follow one another with the same word are undone as one: the letters of a word, a walk by arrows. */
  merge?: string;
}

/** A graph and the deed that led away from it (past), or to it (future). */
interface Moment {
  graph: FlowGraph;
  deed: Deed;
  merge: string | undefined;
}

export interface History {
  present: FlowGraph;
  past: readonly Moment[];
  future: readonly Moment[];
}

/** So much can be undone; older deeds stay done. */
const LONGEST = 200;

export function begin(present: FlowGraph): History {
  return { present, past: [], future: [] };
}

/** A command that changes nothing leaves no trace. */
export function perform(history: History, { run, merge, ...deed }: Command): History {
  const { present, past, future } = history;
  const graph = run(present);
  if (graph === present) return history;
  const isMerged = merge !== undefined && future.length === 0 && past.at(-1)?.merge === merge;
  return {
    present: graph,
    past: isMerged ? past : [...past, { graph: present, deed, merge }].slice(-LONGEST),
    future: [],
  };
}

export function undo(history: History): History {
  const last = history.past.at(-1);
  if (!last) return history;
  return {
    present: last.graph,
    past: history.past.slice(0, -1),
    future: [...history.future, { ...last, graph: history.present }],
  };
}

export function redo(history: History): History {
  const next = history.future.at(-1);
  if (!next) return history;
  return {
    present: next.graph,
    past: [...history.past, { ...next, graph: history.present, merge: undefined }],
    future: history.future.slice(0, -1),
  };
}
