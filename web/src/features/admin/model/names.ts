/** Names of ids for a cell: those that are known, in the order given, joined as the language does. */
export function namesOf(
  all: readonly { id: number; name: string }[] | undefined,
  comma: string,
): (ids: readonly number[]) => string {
  const names = new Map(all?.map(({ id, name }) => [id, name]));
  return (ids) => ids.flatMap((id) => names.get(id) ?? []).join(comma) || "-";
}
