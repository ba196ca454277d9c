/** The ids in the order after one row was moved up (-1) or down (1); the same where it cannot. */
export function movedIds(ids: readonly number[], id: number, by: -1 | 1): number[] {
  const order = [...ids];
  const from = order.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return order;
  order.splice(from, 1);
  order.splice(to, 0, id);
  return order;
}
