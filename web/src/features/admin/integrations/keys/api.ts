import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "../../model/api";

export type ApiKey = Schema<"ApiKeyOut">;
export type ApiKeyMade = Schema<"ApiKeyMadeOut">;

export interface KeyValues {
  name: string;
  rights: string[];
  addresses: string[];
  calls_per_minute: number;
  expires_at: string | null;
}

export const listKeys = (query: ListQuery): Promise<ListPage<ApiKey>> =>
  bodyOf(api.GET("/api/keys", { params: { query } }));

export const createKey = (body: KeyValues): Promise<ApiKeyMade> => bodyOf(api.POST("/api/keys", { body }));

export const changeKey = (api_key_id: number, body: KeyValues): Promise<ApiKey> =>
  bodyOf(api.PATCH("/api/keys/{api_key_id}", { params: { path: { api_key_id } }, body }));

export const revokeKey = (api_key_id: number): Promise<ApiKey> =>
  bodyOf(api.POST("/api/keys/{api_key_id}/revoke", { params: { path: { api_key_id } } }));
