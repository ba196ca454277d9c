import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Company = Schema<"CompanyOut">;

export const companyQuery = queryOptions({
  queryKey: ["settings", "company"],
  queryFn: () => bodyOf(api.GET("/api/company")),
});

export function saveCompany(body: Schema<"CompanyIn">): Promise<Company> {
  return bodyOf(api.PUT("/api/company", { body }));
}

/** How far the set-up is, and whether the demo company is still there. */
export const setupStateQuery = queryOptions({
  queryKey: ["settings", "setup"],
  queryFn: () => bodyOf(api.GET("/api/setup/state")),
});

/** Remove the demo company with all that belongs to it, this login too. */
export function removeDemo(): Promise<void> {
  return bodyOf(api.DELETE("/api/setup/demo"));
}

const FIRST_ZONES = [
  "Asia/Shanghai",
  "Asia/Urumqi",
  "Asia/Hong_Kong",
  "Asia/Taipei",
  "Asia/Singapore",
  "UTC",
];

/** Time zones to choose from: the likely ones first, then all that the browser knows. */
export function timeZones(present: string): string[] {
  const all = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set([present, ...FIRST_ZONES, ...all])].filter(Boolean);
}
