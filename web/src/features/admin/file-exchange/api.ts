import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "../model/api";

export type FilePlan = Schema<"FilePlanOut">;
export type FilePlanBody = Schema<"FilePlanIn">;
export type FileRun = Schema<"FileRunOut">;
export type FilePreview = Schema<"FilePreviewOut">;
export type FileSources = Schema<"FileSourcesOut">;
export type FileColumn = Schema<"FileColumnOut">;
export type RunState = FileRun["state"];

export const sourcesQuery = queryOptions({
  queryKey: ["settings", "file-sources"],
  queryFn: () => bodyOf(api.GET("/api/file-plans/sources")),
});

export const listPlans = (query: ListQuery): Promise<ListPage<FilePlan>> =>
  bodyOf(api.GET("/api/file-plans", { params: { query } }));

export const listRuns = (query: ListQuery): Promise<ListPage<FileRun>> =>
  bodyOf(api.GET("/api/file-plans/runs", { params: { query } }));

export function savePlan(plan: FilePlan | null, body: FilePlanBody): Promise<FilePlan> {
  if (!plan) return bodyOf(api.POST("/api/file-plans", { body }));
  const { direction: _direction, ...changes } = body;
  return bodyOf(
    api.PATCH("/api/file-plans/{plan_id}", { params: { path: { plan_id: plan.id } }, body: changes }),
  );
}

export const removePlan = (plan_id: number): Promise<void> =>
  bodyOf(api.DELETE("/api/file-plans/{plan_id}", { params: { path: { plan_id } } }));

export const runPlan = (plan_id: number): Promise<FileRun> =>
  bodyOf(api.POST("/api/file-plans/{plan_id}/run", { params: { path: { plan_id } } }));

export const previewPlan = (body: Schema<"FilePreviewIn">): Promise<FilePreview> =>
  bodyOf(api.POST("/api/file-plans/preview", { body }));
