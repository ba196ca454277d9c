import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "../../model/api";

export type Inbound = Schema<"InboundOut">;
export type InboundMade = Schema<"InboundMadeOut">;
export type InboundValues = Schema<"InboundIn">;
export type InboundCall = Schema<"InboundCallOut">;

export const listInbound = (query: ListQuery): Promise<ListPage<Inbound>> =>
  bodyOf(api.GET("/api/inbound", { params: { query } }));

export const createInbound = (body: InboundValues): Promise<InboundMade> =>
  bodyOf(api.POST("/api/inbound", { body }));

export const changeInbound = (inbound_id: number, body: Partial<InboundValues>): Promise<Inbound> =>
  bodyOf(api.PATCH("/api/inbound/{inbound_id}", { params: { path: { inbound_id } }, body }));

export const removeInbound = (inbound_id: number): Promise<void> =>
  bodyOf(api.DELETE("/api/inbound/{inbound_id}", { params: { path: { inbound_id } } }));

export const changeInboundSecret = (inbound_id: number): Promise<InboundMade> =>
  bodyOf(api.POST("/api/inbound/{inbound_id}/secret", { params: { path: { inbound_id } } }));

export const listInboundCalls = (inbound_id: number, query: ListQuery): Promise<ListPage<InboundCall>> =>
  bodyOf(api.GET("/api/inbound/{inbound_id}/calls", { params: { path: { inbound_id }, query } }));
