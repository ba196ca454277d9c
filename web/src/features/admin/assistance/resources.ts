import { api, bodyOf, type Schema } from "@/api/client";
import type { ListQuery, Resource } from "../model/api";

export type Checklist = Schema<"ChecklistOut">;
export type Recommendation = Schema<"RecommendationOut">;
export type QuickReply = Schema<"QuickReplyOut">;

export const checklists: Resource<Checklist, Schema<"ChecklistIn">, Schema<"ChecklistPatchIn">> = {
  noun: "checklists",
  list: (query) => bodyOf(api.GET("/api/checklists", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/checklists", { body })),
  change: (checklist_id, body) =>
    bodyOf(api.PATCH("/api/checklists/{checklist_id}", { params: { path: { checklist_id } }, body })),
  remove: (checklist_id) =>
    bodyOf(api.DELETE("/api/checklists/{checklist_id}", { params: { path: { checklist_id } } })),
};

export const recommendations: Resource<
  Recommendation,
  Schema<"RecommendationIn">,
  Schema<"RecommendationPatchIn">
> = {
  noun: "recommendations",
  list: (query) => bodyOf(api.GET("/api/recommendations", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/recommendations", { body })),
  change: (recommendation_id, body) =>
    bodyOf(
      api.PATCH("/api/recommendations/{recommendation_id}", {
        params: { path: { recommendation_id } },
        body,
      }),
    ),
  remove: (recommendation_id) =>
    bodyOf(
      api.DELETE("/api/recommendations/{recommendation_id}", { params: { path: { recommendation_id } } }),
    ),
};

export const replies: Resource<
  QuickReply,
  Schema<"QuickReplyIn">,
  Schema<"QuickReplyPatchIn">,
  ListQuery & { scope?: "" | "own" | "shared" }
> = {
  noun: "quick-replies",
  list: (query) => bodyOf(api.GET("/api/quick-replies", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/quick-replies", { body })),
  change: (reply_id, body) =>
    bodyOf(api.PATCH("/api/quick-replies/{reply_id}", { params: { path: { reply_id } }, body })),
  remove: (reply_id) =>
    bodyOf(api.DELETE("/api/quick-replies/{reply_id}", { params: { path: { reply_id } } })),
};
