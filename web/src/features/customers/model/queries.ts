import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import { type CustomersSearch, ownFilters } from "./search";

export type Customer = Schema<"CustomerOut">;
export type CustomerNumber = Schema<"CustomerNumberOut">;

export function toCustomersQuery(search: CustomersSearch) {
  const { level, kind, owner, list, tag } = search;
  return {
    ...toListQuery(search),
    ...(level && { level }),
    ...(kind && { kind }),
    ...(owner && { owner }),
    ...(list && { list }),
    ...(tag && { tags: String(tag) }),
    ...(search.class && { customer_class: search.class }),
    ...(search.key && { is_key_account: true }),
    ...ownFilters(search),
  };
}

export function customersQuery(query: ReturnType<typeof toCustomersQuery>) {
  return queryOptions({
    queryKey: ["customers", "list", query],
    queryFn: () => bodyOf(api.GET("/api/customers", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** When each of a page's customers was in contact last, by id; who never was is missing. */
export function lastContactsQuery(customers: readonly number[]) {
  return queryOptions({
    queryKey: ["interactions", "last", customers],
    queryFn: async () => {
      const query = { customer: [...customers] };
      const { items } = await bodyOf(api.GET("/api/customers/last-contacts", { params: { query } }));
      return new Map(items.map(({ customer, at }) => [customer, at]));
    },
    enabled: customers.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function customerQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer],
    queryFn: () =>
      bodyOf(api.GET("/api/customers/{customer_id}", { params: { path: { customer_id: customer } } })),
  });
}
