import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Policy = Schema<"SignInPolicyOut">;

export const policyQuery = queryOptions({
  queryKey: ["settings", "sign-in", "policy"],
  queryFn: () => bodyOf(api.GET("/api/sign-in/policy")),
});

export function savePolicy(body: Schema<"SignInPolicyIn">): Promise<Policy> {
  return bodyOf(api.PUT("/api/sign-in/policy", { body }));
}

export function userSignInQuery(user_id: number) {
  return queryOptions({
    queryKey: ["settings", "sign-in", "user", user_id],
    queryFn: () => bodyOf(api.GET("/api/users/{user_id}/sign-in", { params: { path: { user_id } } })),
  });
}

export async function resetSecondFactor(user_id: number): Promise<void> {
  await api.POST("/api/users/{user_id}/second-factor/reset", { params: { path: { user_id } } });
}

export async function endUserSessions(user_id: number): Promise<void> {
  await api.DELETE("/api/users/{user_id}/sessions", { params: { path: { user_id } } });
}

export async function endUserSession(user_id: number, login_session_id: number): Promise<void> {
  await api.DELETE("/api/users/{user_id}/sessions/{login_session_id}", {
    params: { path: { user_id, login_session_id } },
  });
}

export type Provider = Schema<"ProviderOut">;

export const providersQuery = queryOptions({
  queryKey: ["settings", "sign-in", "providers"],
  queryFn: async () => (await bodyOf(api.GET("/api/sign-in/providers"))).items,
});

export function createProvider(body: Schema<"ProviderIn">): Promise<Provider> {
  return bodyOf(api.POST("/api/sign-in/providers", { body }));
}

export function changeProvider(provider_id: number, body: Schema<"ProviderPatchIn">): Promise<Provider> {
  return bodyOf(
    api.PATCH("/api/sign-in/providers/{provider_id}", { params: { path: { provider_id } }, body }),
  );
}

export async function removeProvider(provider_id: number): Promise<void> {
  await api.DELETE("/api/sign-in/providers/{provider_id}", { params: { path: { provider_id } } });
}

export async function tryProvider(provider_id: number): Promise<readonly string[]> {
  const params = { path: { provider_id } };
  return (await bodyOf(api.POST("/api/sign-in/providers/{provider_id}/test", { params }))).addresses;
}

export function readMetadata(xml: string): Promise<Schema<"MetadataOut">> {
  return bodyOf(api.POST("/api/sign-in/providers/read-metadata", { body: { xml } }));
}
