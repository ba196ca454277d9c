import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { ListQuery } from "../../model/api";

export type Field = Schema<"FieldOut">;
export type FieldKind = Field["kind"];

export const kinds: readonly FieldKind[] = [
  "text",
  "long_text",
  "number",
  "money",
  "date",
  "date_time",
  "yes_no",
  "choice",
  "choices",
  "user",
  "telephone",
  "email",
  "link",
];

/** Kinds that can identify a record. */
const UNIQUE: ReadonlySet<FieldKind> = new Set(["text", "number", "telephone", "email", "link"]);

export const canBeUnique = (kind: FieldKind) => UNIQUE.has(kind);
export const canBeSearched = (kind: FieldKind) => kind !== "long_text";
export const hasOptions = (kind: FieldKind) => kind === "choice" || kind === "choices";
export const isAmount = (kind: FieldKind) => kind === "number" || kind === "money";

export interface FieldQuery extends ListQuery {
  subject: string;
  state?: "active" | "retired";
}

export function fieldsQuery(query: FieldQuery) {
  return queryOptions({
    queryKey: ["settings", "fields", query],
    queryFn: () => bodyOf(api.GET("/api/fields", { params: { query } })),
    placeholderData: (before) => before,
  });
}

export const subjectsQuery = queryOptions({
  queryKey: ["settings", "subjects"],
  queryFn: () => bodyOf(api.GET("/api/layouts")),
  staleTime: Number.POSITIVE_INFINITY,
});

export function createField(body: Schema<"FieldIn">): Promise<Field> {
  return bodyOf(api.POST("/api/fields", { body }));
}

export function changeField(field_id: number, body: Schema<"FieldPatchIn">): Promise<Field> {
  return bodyOf(api.PATCH("/api/fields/{field_id}", { params: { path: { field_id } }, body }));
}

export function orderFields(subject: string, ids: number[]): Promise<void> {
  return bodyOf(api.PUT("/api/fields/order", { body: { subject, ids } }));
}

export function saveLayout(subject: string, variant: string, body: Schema<"LayoutIn">) {
  const path = { subject, variant };
  return bodyOf(api.PUT("/api/layouts/{subject}/{variant}", { params: { path }, body }));
}

export function resetLayout(subject: string, variant: string): Promise<void> {
  const path = { subject, variant };
  return bodyOf(api.DELETE("/api/layouts/{subject}/{variant}", { params: { path } }));
}
