import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type EmbeddingValues = Schema<"EmbeddingIn">;

export const embeddingQuery = queryOptions({
  queryKey: ["settings", "embedding"],
  queryFn: () => bodyOf(api.GET("/api/embedding")),
});

export const saveEmbedding = (body: EmbeddingValues) => bodyOf(api.PUT("/api/embedding", { body }));

/** What another system's page holds, ready to be pasted. */
export function snippetOf(origin: string, company: string): string {
  const address = `${origin}/embed/${encodeURIComponent(company)}/telephone`;
  return `<div id="telephone" style="width: 340px; height: 560px"></div>
<script src="${origin}/zhiyin-telephone.js"></script>
<script>
  const telephone = ZhiyinTelephone.mount(document.getElementById("telephone"), {
    url: "${address}",
  });
  telephone.on("call_ringing", ({ contact }) => console.log(contact.number));
</script>`;
}
