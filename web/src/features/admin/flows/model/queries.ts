import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Flow = Schema<"FlowOut">;
export type FlowDetail = Schema<"FlowDetailOut">;
export type FlowProblem = Schema<"FlowProblemOut">;
export type FlowEditing = Schema<"FlowEditingOut">;
export type FlowVersion = Schema<"FlowVersionOut">;

export function flowQuery(flow_id: number) {
  return queryOptions({
    queryKey: ["settings", "flows", flow_id],
    queryFn: () => bodyOf(api.GET("/api/flows/{flow_id}", { params: { path: { flow_id } } })),
  });
}

/** The kinds of step there are, and what each panel asks: the same until the product is upgraded. */
export const kindsQuery = queryOptions({
  queryKey: ["flow-kinds"],
  queryFn: () => bodyOf(api.GET("/api/flows/kinds")),
  staleTime: Number.POSITIVE_INFINITY,
});

export function versionsQuery(flow_id: number) {
  return queryOptions({
    queryKey: ["settings", "flows", flow_id, "versions"],
    queryFn: () => bodyOf(api.GET("/api/flows/{flow_id}/versions", { params: { path: { flow_id } } })),
  });
}

export function flowsQuery(query: { search?: string; sort?: string; page?: number; page_size?: number }) {
  return queryOptions({
    queryKey: ["settings", "flows", "list", query],
    queryFn: () => bodyOf(api.GET("/api/flows", { params: { query } })),
    placeholderData: (before) => before,
  });
}

export type FlowTemplate = Schema<"FlowTemplateOut">;
export type FlowSlot = Schema<"FlowSlotOut">;

export const templatesQuery = queryOptions({
  queryKey: ["settings", "flows", "templates"],
  queryFn: () => bodyOf(api.GET("/api/flows/templates")),
});

export interface NewFlow {
  name: string;
  template?: string;
  choices?: Record<string, number>;
  graph?: object;
}

export function createFlow(body: NewFlow): Promise<FlowDetail> {
  return bodyOf(api.POST("/api/flows", { body: body as Schema<"FlowIn"> }));
}

/** Save the draft of the version that was loaded; 409 "outdated" when somebody else saved it meanwhile. */
export function saveDraft(flow: FlowDetail, graph: object, name = flow.name): Promise<FlowDetail> {
  const body = { name, graph: graph as Schema<"GraphIn">, draft_version: flow.draft_version };
  return bodyOf(api.PUT("/api/flows/{flow_id}/draft", { params: { path: { flow_id: flow.id } }, body }));
}

/** Put the draft in force for the next call; 400 "flow_has_holes" while a caller could get stuck. */
export function publishFlow(flow_id: number): Promise<FlowDetail> {
  return bodyOf(api.POST("/api/flows/{flow_id}/publish", { params: { path: { flow_id } } }));
}

/** Say that `page` edits the flow; the answer says who really does. */
export function holdFlow(flow_id: number, page: string, is_takeover = false): Promise<FlowEditing> {
  const body = { page, is_takeover };
  return bodyOf(api.PUT("/api/flows/{flow_id}/editing", { params: { path: { flow_id } }, body }));
}

export function releaseFlow(flow_id: number, page: string): Promise<void> {
  const params = { path: { flow_id }, query: { page } };
  return bodyOf(api.DELETE("/api/flows/{flow_id}/editing", { params, keepalive: true }));
}

export function removeFlow(flow_id: number): Promise<void> {
  return bodyOf(api.DELETE("/api/flows/{flow_id}", { params: { path: { flow_id } } }));
}
