/** The form of a plan: as people fill it in, and as the API takes it. */
import type { FilePlan, FilePlanBody } from "./api";

export interface Pair {
  title: string;
  field: string;
}

export interface PlanForm extends Omit<FilePlanBody, "mapping" | "at"> {
  /** "02:30" */
  at: string;
  pairs: Pair[];
}

export const NEW_PLAN: Partial<PlanForm> = {
  direction: "out",
  list_path: "/api/customers",
  period: "",
  columns: [],
  format: "csv",
  kind: "customers",
  pairs: [],
  on_match: "skip",
  on_problems: "import_rest",
  encoding: "",
  place: "folder",
  folder: "",
  auth: "none",
  file_name: "{date}.csv",
  has_marker: false,
  every: "daily",
  at: "02:30",
  weekday: 0,
  is_enabled: true,
};

export function toForm(plan: FilePlan): PlanForm {
  const { mapping, at, ...rest } = plan;
  const pairs = Object.entries(mapping ?? {}).map(([title, field]) => ({ title, field }));
  return { ...rest, secret: "", at: (at ?? "02:00").slice(0, 5), pairs };
}

/** What is not shown for this direction and place is left at its beginning. */
export function toBody(values: PlanForm): FilePlanBody {
  const { pairs, ...rest } = values;
  const isOut = rest.direction === "out";
  const filled = (pairs ?? []).filter(({ title, field }) => title && field);
  return {
    ...rest,
    list_path: isOut ? (rest.list_path ?? "") : "",
    kind: isOut ? "" : (rest.kind ?? ""),
    query: rest.query ?? "",
    username: rest.username ?? "",
    secret: rest.secret ?? "",
    folder: rest.folder ?? "",
    url: rest.url ?? "",
    separator: "",
    mapping: isOut ? {} : Object.fromEntries(filled.map(({ title, field }) => [title, field])),
  };
}
