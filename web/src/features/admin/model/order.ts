export interface Placed {
  id: number;
  position: number;
}

export interface Move {
  id: number;
  position: number;
}

/** In the order in which they are shown: by position, then in the order they were made. */
export function inOrder<Row extends Placed>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a.position - b.position || a.id - b.id);
}

/**
 * The positions to write so that `id` stands `by` places further down (negative: up) among `rows`. Only rows whose
 * position really changes are named; nothing where it would leave the list.
 */
export function movesFor(rows: readonly Placed[], id: number, by: number): Move[] {
  const ordered = inOrder(rows);
  const from = ordered.findIndex((row) => row.id === id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ordered.length) return [];
  const [moved] = ordered.splice(from, 1);
  if (moved) ordered.splice(to, 0, moved);
  return ordered.flatMap((row, position) => (row.position === position ? [] : [{ id: row.id, position }]));
}
