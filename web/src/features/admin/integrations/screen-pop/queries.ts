import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type ScreenAddressValues = Required<Schema<"ScreenAddressIn">>;

export const screenAddressQuery = queryOptions({
  queryKey: ["settings", "screen-pop"],
  queryFn: () => bodyOf(api.GET("/api/screen-pop")),
});

export const saveScreenAddress = (body: ScreenAddressValues) => bodyOf(api.PUT("/api/screen-pop", { body }));
