import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Speaker = Schema<"SpeakerOut">;
export type Language = Speaker["language"];

export const speechQuery = queryOptions({
  queryKey: ["settings", "speech"],
  queryFn: () => bodyOf(api.GET("/api/speech")),
  refetchInterval: 30_000,
});

/** What a flow would ask is asked where no service is named. */
export const sayText = (body: { text: string; language: Language }) =>
  bodyOf(api.POST("/api/speech/say", { body: { service_id: null, ...body } }));

export const understandSound = (body: { sound: string; language: Language; phrases: string[] }) =>
  bodyOf(api.POST("/api/speech/understand", { body: { service_id: null, ...body } }));
