/** What is attached to a customer, and what customers are sorted by: read once, shared by list and record. */
import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { Tone } from "@/ui/StatusTag";
import type { lists } from "./codes";

type ListCode = (typeof lists)[number];

export type Owned = Schema<"OwnedOut">;
export type Relation = Schema<"RelationOut">;
export type Consent = Schema<"ConsentOut">;
export type ListEntry = Schema<"ListEntryOut">;

export { kinds, lists } from "./codes";
export const relationKinds = ["works_for", "subsidiary_of", "family", "referred_by", "other"] as const;
export const channels = ["call", "sms", "email", "message", "recording"] as const;
export const purposes = ["service", "marketing", "survey", "profiling"] as const;

export const listTone: Record<ListCode, Tone> = {
  vip: "ready",
  block: "break",
  do_not_call: "acw",
};

const path = (customer: number) => ({ params: { path: { customer_id: customer } } });

export function ownedQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer, "products"],
    queryFn: () => bodyOf(api.GET("/api/customers/{customer_id}/products", path(customer))),
  });
}

export function relationsQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer, "relations"],
    queryFn: () => bodyOf(api.GET("/api/customers/{customer_id}/relations", path(customer))),
  });
}

export function consentsQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer, "consents"],
    queryFn: () => bodyOf(api.GET("/api/customers/{customer_id}/consents", path(customer))),
  });
}

export function entriesQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer, "lists"],
    queryFn: () => bodyOf(api.GET("/api/lists", { params: { query: { customer, page_size: 100 } } })),
  });
}

export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: () => bodyOf(api.GET("/api/tags", { params: { query: { page_size: 200 } } })),
});

export const classesQuery = queryOptions({
  queryKey: ["classes"],
  queryFn: () => bodyOf(api.GET("/api/classes")),
});

export const productsQuery = queryOptions({
  queryKey: ["products"],
  queryFn: () => bodyOf(api.GET("/api/products", { params: { query: { state: "active", page_size: 200 } } })),
});

export const allowanceQuery = queryOptions({
  queryKey: ["customers", "allowance"],
  queryFn: () => bodyOf(api.GET("/api/customers/pool/allowance")),
});

export const policyQuery = queryOptions({
  queryKey: ["customers", "policy"],
  queryFn: () => bodyOf(api.GET("/api/customers/policy")),
});
