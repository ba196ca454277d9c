import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "../model/api";

export type ExternalService = Schema<"ExternalServiceOut">;
export type ServiceKind = ExternalService["kind"];
export type ServiceSettings = ExternalService["settings"];
export type FlowMessage = Schema<"FlowMessageOut">;
export type Tried = Schema<"TriedServiceOut">;

export const KINDS: readonly ServiceKind[] = [
  "http",
  "database",
  "payment",
  "sms",
  "mail",
  "synthesis",
  "recognition",
];

export const listServices = (query: ListQuery): Promise<ListPage<ExternalService>> =>
  bodyOf(api.GET("/api/external-services", { params: { query } }));

export const createService = (body: Schema<"ExternalServiceIn">): Promise<ExternalService> =>
  bodyOf(api.POST("/api/external-services", { body }));

export const changeService = (
  service_id: number,
  body: Schema<"ExternalServicePatchIn">,
): Promise<ExternalService> =>
  bodyOf(api.PATCH("/api/external-services/{service_id}", { params: { path: { service_id } }, body }));

export const removeService = (service_id: number): Promise<void> =>
  bodyOf(api.DELETE("/api/external-services/{service_id}", { params: { path: { service_id } } }));

export const tryService = (
  service_id: number,
  asked: { path?: string; statement?: string; to?: string; text?: string; language?: "zh" | "en" },
): Promise<Tried> =>
  bodyOf(
    api.POST("/api/external-services/{service_id}/try", {
      params: { path: { service_id } },
      body: { path: "/", statement: "", to: "", text: "", language: "zh", ...asked },
    }),
  );

export const listMessages = (query: ListQuery): Promise<ListPage<FlowMessage>> =>
  bodyOf(api.GET("/api/flow-messages", { params: { query } }));
