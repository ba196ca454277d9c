/** Where callers are now: in which step of which flow, and by which line they came. Pure. */
import type { InteractionRow, StepRow } from "@/live/messages";

export interface CallerAtStep {
  id: string;
  number: string | null;
  entry: string | null;
  step: StepRow;
}

export interface StepNow {
  key: string;
  flow: number;
  node: string;
  kind: string;
  callers: number;
  /** since when the one is there who has been there longest */
  since: string;
}

export interface LineNow {
  key: string;
  entry: string | null;
  /** "trunk:3", "guest", "telephone:5", "direct" */
  cameBy: string;
  inService: number;
  waiting: number;
  talking: number;
}

export interface IvrNow {
  callers: readonly CallerAtStep[];
  steps: readonly StepNow[];
  lines: readonly LineNow[];
  busy: number;
  waiting: number;
}

const WAITING = new Set(["waiting", "offered"]);

/** Contacts that hold a line of the company: who was called back later, or is over, holds none. */
function holdsLine(row: InteractionRow): boolean {
  return row.direction === "inbound" && row.phase !== "ended" && !row.lacks_customer && row.ended_at === null;
}

export function ivrNow(rows: readonly InteractionRow[]): IvrNow {
  const held = rows.filter(holdsLine);
  const callers = held
    .flatMap((row) =>
      row.step ? [{ id: row.id, number: row.customer_number, entry: row.entry, step: row.step }] : [],
    )
    .sort((a, b) => a.step.since.localeCompare(b.step.since));
  const steps = new Map<string, StepNow>();
  for (const { step } of callers) {
    const key = `${step.flow} ${step.node}`;
    const known = steps.get(key);
    // callers come in the order of their stays: the first of a step has been there longest
    if (known) steps.set(key, { ...known, callers: known.callers + 1 });
    else steps.set(key, { key, ...step, callers: 1 });
  }
  const lines = new Map<string, LineNow>();
  for (const row of held) {
    const cameBy = row.came_by ?? "";
    const key = `${row.entry ?? ""} ${cameBy}`;
    const line = lines.get(key) ?? { key, entry: row.entry, cameBy, inService: 0, waiting: 0, talking: 0 };
    const part = row.step ? "inService" : WAITING.has(row.phase) ? "waiting" : "talking";
    lines.set(key, { ...line, [part]: line[part] + 1 });
  }
  return {
    callers,
    steps: [...steps.values()].sort((a, b) => b.callers - a.callers || a.since.localeCompare(b.since)),
    lines: [...lines.values()].sort((a, b) => total(b) - total(a) || a.key.localeCompare(b.key)),
    busy: held.length,
    waiting: held.filter((row) => !row.step && WAITING.has(row.phase)).length,
  };
}

/** Steps with their callers as the server counts them. */
export function stepsOf(counted: readonly Omit<StepNow, "key">[]): StepNow[] {
  return counted.map(({ flow, node, kind, callers, since }) => ({
    key: `${flow} ${node}`,
    flow,
    node,
    kind,
    callers,
    since,
  }));
}

/** How many calls hold a trunk now, of those on the board. */
export function busyOn(trunk: number | null, lines: readonly LineNow[]): number {
  const ours = lines.filter((line) => line.cameBy === `trunk:${trunk}`);
  return ours.reduce((sum, line) => sum + total(line), 0);
}

export function total(line: LineNow): number {
  return line.inService + line.waiting + line.talking;
}
