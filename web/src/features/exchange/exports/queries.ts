import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import type { ExportSearch } from "../model/search";

export type Export = Schema<"ExportOut">;
export type ExportPolicy = Schema<"ExportPolicyOut">;

const WORKING_EVERY_MS = 1_500;

/** Asked again while something on the page is being made. */
export function exportsQuery(search: ExportSearch, mine: boolean) {
  const query = { ...toListQuery(search), mine, ...(search.state && { state: search.state }) };
  return queryOptions({
    queryKey: ["exports", "list", query],
    queryFn: () => bodyOf(api.GET("/api/exports", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.items.some((row) => row.state === "running") ? WORKING_EVERY_MS : false,
  });
}

export const exportPolicyQuery = queryOptions({
  queryKey: ["export-policy"],
  queryFn: () => bodyOf(api.GET("/api/export-policy")),
});

export function saveExportPolicy(body: Schema<"ExportPolicyIn">): Promise<ExportPolicy> {
  return bodyOf(api.PATCH("/api/export-policy", { body }));
}

export type ExportStep = "cancel" | "approve" | "refuse" | "delete";

export async function stepExport(id: number, step: ExportStep): Promise<void> {
  const params = { path: { export_id: id } };
  if (step === "cancel") await api.POST("/api/exports/{export_id}/cancel", { params });
  else if (step === "delete") await api.DELETE("/api/exports/{export_id}", { params });
  else
    await api.POST("/api/exports/{export_id}/decision", {
      params,
      body: { is_approved: step === "approve" },
    });
}

export function exportFileAddress(id: number): string {
  return `/api/exports/${id}/file`;
}
