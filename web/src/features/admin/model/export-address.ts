/** Where the browser downloads what a list shows, all its pages, as CSV. */
export function exportAddress(noun: string, query: Record<string, unknown>): string {
  const wanted = new URLSearchParams({ format: "csv" });
  for (const [name, value] of Object.entries(query)) {
    if (name === "page" || name === "page_size" || value === undefined || value === "") continue;
    wanted.set(name, String(value));
  }
  return `/api/${noun}?${wanted}`;
}
