/** How a list stands in the address, and what of it the API is asked. Absent means the default, so addresses stay short. */
import type { ListState } from "./DataTable";

export interface ListSearch {
  search?: string | undefined;
  page?: number | undefined;
  size?: number | undefined;
  /** "name" or "-name", as the API takes it */
  sort?: string | undefined;
  /** the columns that are shown, with commas between */
  cols?: string | undefined;
}

export const PAGE_SIZE = 20;
const LARGEST_PAGE = 200;

/** A whole number from 1, as an address may hold it; undefined for anything else. */
export function wholeNumber(raw: unknown): number | undefined {
  const number = typeof raw === "string" || typeof raw === "number" ? Number(raw) : Number.NaN;
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Text of an address. A search for digits comes out of the address as a number. */
export function someText(raw: unknown): string | undefined {
  return (typeof raw === "string" || typeof raw === "number") && String(raw).trim() !== ""
    ? String(raw).slice(0, 100)
    : undefined;
}

export function oneOf<Choice extends string>(raw: unknown, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice === raw);
}

/** Leave out what is undefined: an address without it says the same. */
export function compact<Search extends object>(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search;
}

export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const size = wholeNumber(raw.size);
  const sort = someText(raw.sort);
  return compact({
    search: someText(raw.search),
    page: wholeNumber(raw.page),
    size: size && size <= LARGEST_PAGE ? size : undefined,
    sort: sort && /^-?[a-z_]+$/.test(sort) ? sort : undefined,
    cols: typeof raw.cols === "string" && /^[\w.,]{0,1000}$/.test(raw.cols) ? raw.cols : undefined,
  });
}

export function toListState(search: ListSearch): ListState {
  return {
    page: search.page ?? 1,
    pageSize: search.size ?? PAGE_SIZE,
    sort: search.sort,
    columns: search.cols?.split(","),
  };
}

export function fromListState(list: ListState): Omit<ListSearch, "search"> {
  return {
    page: list.page === 1 ? undefined : list.page,
    size: list.pageSize === PAGE_SIZE ? undefined : list.pageSize,
    sort: list.sort,
    cols: list.columns?.join(","),
  };
}

/** The part of the API's query that every list has. */
export function toListQuery(search: ListSearch) {
  return {
    page: search.page ?? 1,
    page_size: search.size ?? PAGE_SIZE,
    ...(search.search && { search: search.search }),
    ...(search.sort && { sort: search.sort }),
  };
}

/** The files that lists are exported as; the workbook first, as most open it by a click. */
export const EXPORT_FORMATS = ["xlsx", "csv", "csv-gbk"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Where the browser downloads what a list shows, all its pages. */
export function exportAddress(path: string, query: object, format: ExportFormat): string {
  const wanted = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(query)) {
    if (name === "page" || name === "page_size" || value === undefined || value === "") continue;
    wanted.set(name, String(value));
  }
  return `${path}?${wanted}`;
}
