import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { readProblem } from "@/api/problem";
import { toListQuery } from "@/ui/list-search";
import type { ErasuresSearch } from "./search";

export type Erasure = Schema<"ErasureOut">;
export type ErasurePreview = Schema<"ErasurePreviewOut">;

const WORKING_EVERY_MS = 1_500;
/** Somebody else decides about what waits, and nothing tells this page. */
const WAITING_EVERY_MS = 20_000;

function askAgainIn(rows: readonly Erasure[] | undefined): number | false {
  if (rows?.some((row) => row.state === "running")) return WORKING_EVERY_MS;
  return rows?.some((row) => row.state === "waiting") ? WAITING_EVERY_MS : false;
}

export function erasuresQuery(search: ErasuresSearch) {
  const query = { ...toListQuery(search), ...(search.state && { state: search.state }) };
  return queryOptions({
    queryKey: ["erasures", "list", query],
    queryFn: () => bodyOf(api.GET("/api/erasures", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => askAgainIn(state.data?.items),
  });
}

/** The last erasure that was asked for of a customer; null: none ever. */
export function lastErasureQuery(customer: number) {
  return queryOptions({
    queryKey: ["erasures", "customer", customer],
    queryFn: async () => {
      const query = { customer, page_size: 1 };
      const { items } = await bodyOf(api.GET("/api/erasures", { params: { query } }));
      return items[0] ?? null;
    },
    refetchInterval: ({ state }) => askAgainIn(state.data ? [state.data] : undefined),
  });
}

export function erasureQuery(id: number) {
  return queryOptions({
    queryKey: ["erasures", "one", id],
    queryFn: () => bodyOf(api.GET("/api/erasures/{erasure_id}", { params: { path: { erasure_id: id } } })),
    refetchInterval: ({ state }) => askAgainIn(state.data ? [state.data] : undefined),
  });
}

export function previewQuery(customer: number) {
  return queryOptions({
    queryKey: ["erasures", "preview", customer],
    queryFn: () =>
      bodyOf(
        api.GET("/api/customers/{customer_id}/erasure", { params: { path: { customer_id: customer } } }),
      ),
    staleTime: 0,
    gcTime: 0,
  });
}

export function orderErasure(customer: number, body: Schema<"ErasureIn">): Promise<Erasure> {
  const params = { path: { customer_id: customer } };
  return bodyOf(api.POST("/api/customers/{customer_id}/erasure", { params, body }));
}

export function decideErasure(id: number, is_approved: boolean): Promise<Erasure> {
  const params = { path: { erasure_id: id } };
  return bodyOf(api.POST("/api/erasures/{erasure_id}/decision", { params, body: { is_approved } }));
}

export const privacyPolicyQuery = queryOptions({
  queryKey: ["privacy-policy"],
  queryFn: () => bodyOf(api.GET("/api/privacy-policy")),
});

export function savePrivacyPolicy(needs_approval: boolean): Promise<Schema<"PrivacyPolicyOut">> {
  return bodyOf(api.PUT("/api/privacy-policy", { body: { needs_approval } }));
}

/** Fetched whole before it is saved, so that a refusal is told here and not saved as a file. */
export async function downloadPersonalData(customer: number): Promise<void> {
  const response = await fetch(`/api/customers/${customer}/personal-data`, { credentials: "same-origin" });
  if (!response.ok) throw await readProblem(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = `personal-data-${customer}.zip`;
  link.click();
  URL.revokeObjectURL(address);
}
