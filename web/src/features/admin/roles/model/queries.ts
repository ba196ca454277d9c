import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Role = Schema<"RoleOut">;
export type Grantable = Schema<"GrantableOut">;
export type GrantableRight = Schema<"RightOut">;
export type GrantableField = Schema<"RestrictableFieldOut">;

export const rolesQuery = queryOptions({
  queryKey: ["settings", "roles", "all"],
  queryFn: async () => (await bodyOf(api.GET("/api/roles"))).items,
});

export const grantableQuery = queryOptions({
  queryKey: ["settings", "rights"],
  queryFn: () => bodyOf(api.GET("/api/roles/rights")),
});

export function createRole(body: Schema<"RoleIn">): Promise<Role> {
  return bodyOf(api.POST("/api/roles", { body }));
}

export function changeRole(role_id: number, body: Schema<"RolePatchIn">): Promise<Role> {
  return bodyOf(api.PATCH("/api/roles/{role_id}", { params: { path: { role_id } }, body }));
}

export function removeRole(role_id: number): Promise<void> {
  return bodyOf(api.DELETE("/api/roles/{role_id}", { params: { path: { role_id } } }));
}
