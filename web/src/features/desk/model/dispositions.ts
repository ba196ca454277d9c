import { localName } from "@/lib/names";

export interface Disposition {
  id: number;
  parent_id: number | null;
  name: string;
  name_en: string;
}

export interface DispositionChoice {
  value: number;
  /** the whole path: "After-sales / Repair" */
  label: string;
}

/** The leaves of the tree as choices with their whole path, in the order administration gave. A parent that is gone ends the path. */
export function toChoices(all: readonly Disposition[], language: string): DispositionChoice[] {
  const byId = new Map(all.map((each) => [each.id, each]));
  const parents = new Set(all.map((each) => each.parent_id));
  const pathOf = (each: Disposition): string => {
    const names: string[] = [];
    for (
      let at: Disposition | undefined = each;
      at && names.length < 10;
      at = at.parent_id === null ? undefined : byId.get(at.parent_id)
    ) {
      names.unshift(localName(at, language));
    }
    return names.join(" / ");
  };
  return all.filter((each) => !parents.has(each.id)).map((each) => ({ value: each.id, label: pathOf(each) }));
}
