/** What stands in the address of every settings page, so that a list as filtered, or an open record, can be shared. */
export interface SettingsSearch {
  search?: string;
  /** "name" or "-name" */
  sort?: string;
  page?: number;
  size?: number;
  /** The record whose drawer is open: its id, or "new". */
  open?: string;
  role?: string;
  team?: string;
  site?: string;
  user?: string;
  kind?: string;
  /** The view of a record that has several. */
  tab?: string;
  /** days as "2026-11-21", on the company's clock */
  /** a list's address and what it is asked for, handed over to be planned */
  list?: string;
  query?: string;
  from?: string;
  to?: string;
}

const TEXTS = [
  "search",
  "sort",
  "open",
  "role",
  "team",
  "site",
  "user",
  "kind",
  "tab",
  "list",
  "query",
  "from",
  "to",
] as const;
const COUNTS = ["page", "size"] as const;

/** Read the address; what does not belong there is dropped. The router gives digits as numbers, so texts may be those. */
export function readSettingsSearch(raw: Record<string, unknown>): SettingsSearch {
  const found: SettingsSearch = {};
  for (const name of TEXTS) {
    const value = raw[name];
    if (typeof value === "string" || typeof value === "number") found[name] = String(value);
    if (found[name] === "") delete found[name];
  }
  for (const name of COUNTS) {
    const value = Number(raw[name]);
    if (Number.isInteger(value) && value > 0 && value <= (name === "size" ? 200 : 100_000))
      found[name] = value;
  }
  return found;
}
