import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type ContactClass = Schema<"ContactClassBody">;
export type RoutingPolicy = Schema<"RoutingPolicyBody">;
export type MatrixRow = Schema<"MatrixRow">;
export type MatrixMembership = Schema<"MatrixMembership">;
export type MatrixRowChange = Schema<"MatrixRowChange">;
export type RoutingChange = Schema<"RoutingChange">;
export type HistoryKind =
  | "queue"
  | "hours"
  | "contact_classes"
  | "routingpolicy"
  | "restpolicy"
  | "skill_matrix"
  | "entryrule";

export const contactClassesQuery = queryOptions({
  queryKey: ["settings", "contact-classes"],
  queryFn: () => bodyOf(api.GET("/api/routing/classes")),
});

export function saveContactClasses(classes: ContactClass[]) {
  return bodyOf(api.PUT("/api/routing/classes", { body: { classes } }));
}

export const routingPolicyQuery = queryOptions({
  queryKey: ["settings", "routing-policy"],
  queryFn: () => bodyOf(api.GET("/api/routing/policy")),
});

export function saveRoutingPolicy(body: RoutingPolicy) {
  return bodyOf(api.PATCH("/api/routing/policy", { body }));
}

export const customerClassesQuery = queryOptions({
  queryKey: ["classes"],
  queryFn: () => bodyOf(api.GET("/api/classes")),
});

export interface MatrixQuery {
  search?: string;
  team?: number;
  queue?: number;
  page: number;
  page_size: number;
  sort?: string;
}

export function matrixQuery(query: MatrixQuery) {
  return queryOptions({
    queryKey: ["settings", "matrix", query],
    queryFn: () => bodyOf(api.GET("/api/routing/matrix", { params: { query } })),
    placeholderData: (before) => before,
  });
}

export const skillCodesQuery = queryOptions({
  queryKey: ["settings", "matrix", "skills"],
  queryFn: () => bodyOf(api.GET("/api/routing/matrix/skills")),
});

export function changeMatrix(changes: MatrixRowChange[]) {
  return bodyOf(api.POST("/api/routing/matrix", { body: { changes } }));
}

export function historyQuery(kind: HistoryKind, subject = "") {
  return queryOptions({
    queryKey: ["settings", "history", kind, subject],
    queryFn: () => bodyOf(api.GET("/api/routing/history", { params: { query: { kind, subject } } })),
  });
}

export function putBack(change_id: number) {
  return bodyOf(api.POST("/api/routing/history/{change_id}/put-back", { params: { path: { change_id } } }));
}
