import { inOrder } from "./order";

export interface DispositionRow {
  id: number;
  parent_id: number | null;
  name: string;
  name_en: string;
  position: number;
}

export interface DispositionNode extends DispositionRow {
  children?: DispositionNode[];
  isFirst: boolean;
  isLast: boolean;
}

/** The list as a tree, each level in its order. A row whose parent is not in the list stands at the top. */
export function toTree(rows: readonly DispositionRow[]): DispositionNode[] {
  const known = new Set(rows.map(({ id }) => id));
  const level = (parent: number | null): DispositionNode[] => {
    const here = inOrder(
      rows.filter(
        (row) => (row.parent_id !== null && known.has(row.parent_id) ? row.parent_id : null) === parent,
      ),
    );
    return here.map((row, index) => {
      const children = level(row.id);
      return {
        ...row,
        isFirst: index === 0,
        isLast: index === here.length - 1,
        ...(children.length > 0 && { children }),
      };
    });
  };
  return level(null);
}

/** The ids of a row and of all below it. */
export function idsBelow(rows: readonly DispositionRow[], id: number): Set<number> {
  const found = new Set([id]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const row of rows) if (row.parent_id !== null && found.has(row.parent_id)) found.add(row.id);
  }
  return found;
}

/** The rows that match `search` by either name, with everything above them, so that their place can be seen. */
export function findInTree(rows: readonly DispositionRow[], search: string): DispositionRow[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return [...rows];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = new Set<number>();
  for (const row of rows) {
    if (!`${row.name} ${row.name_en}`.toLowerCase().includes(wanted)) continue;
    for (let at: DispositionRow | undefined = row; at && !kept.has(at.id); ) {
      kept.add(at.id);
      at = at.parent_id === null ? undefined : byId.get(at.parent_id);
    }
  }
  return rows.filter(({ id }) => kept.has(id));
}
