import type { ApiKey } from "./api";

/** Whether a key opens anything now. */
export function stateOf(
  key: Pick<ApiKey, "revoked_at" | "expires_at">,
  now_ms: number,
): "active" | "expired" | "revoked" {
  if (key.revoked_at !== null) return "revoked";
  return key.expires_at !== null && Date.parse(key.expires_at) <= now_ms ? "expired" : "active";
}
