import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { Resource } from "../model/api";

export type Tag = Schema<"TagOut">;
export type Product = Schema<"ProductOut">;
export type ClassDraft = Schema<"ClassIn">;
export type Condition = Schema<"ClassConditionIn">;

export const colours = ["grey", "blue", "green", "orange", "red", "purple"] as const;

export const tags: Resource<Tag, Schema<"TagIn">, Schema<"TagPatchIn">> = {
  noun: "tags",
  list: (query) => bodyOf(api.GET("/api/tags", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/tags", { body })),
  change: (tag_id, body) => bodyOf(api.PATCH("/api/tags/{tag_id}", { params: { path: { tag_id } }, body })),
  remove: (tag_id) => bodyOf(api.DELETE("/api/tags/{tag_id}", { params: { path: { tag_id } } })),
};

export function mergeTag(tag_id: number, into_id: number) {
  return bodyOf(api.POST("/api/tags/{tag_id}/merge", { params: { path: { tag_id } }, body: { into_id } }));
}

export const products: Resource<Product, Schema<"ProductIn">, Schema<"ProductPatchIn">> = {
  noun: "products",
  list: (query) => bodyOf(api.GET("/api/products", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/products", { body })),
  change: (product_id, body) =>
    bodyOf(api.PATCH("/api/products/{product_id}", { params: { path: { product_id } }, body })),
  remove: (product_id) =>
    bodyOf(api.DELETE("/api/products/{product_id}", { params: { path: { product_id } } })),
};

export const classesQuery = queryOptions({
  queryKey: ["classes"],
  queryFn: () => bodyOf(api.GET("/api/classes")),
});

/** How many customers each rule would take in this order, and how many none; nothing is saved. */
export function countQuery(drafts: readonly ClassDraft[]) {
  return queryOptions({
    queryKey: ["classes", "count", drafts],
    queryFn: () => bodyOf(api.POST("/api/classes/count", { body: { classes: [...drafts] } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function saveClasses(classes: ClassDraft[]) {
  return bodyOf(api.PUT("/api/classes", { body: { classes } }));
}
