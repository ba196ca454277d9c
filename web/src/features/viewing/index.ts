import { api, bodyOf, type Schema } from "@/api/client";

/** See the product with other eyes; everything is read anew, from the first page on. */
export async function beginView(body: Schema<"ViewAsIn">): Promise<void> {
  await bodyOf(api.PUT("/api/session/view", { body }));
  location.assign("/");
}

/** See it with the own eyes again. */
export async function endView(): Promise<void> {
  await bodyOf(api.DELETE("/api/session/view"));
  location.assign("/admin/roles");
}
