import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "../../model/api";

export type Webhook = Schema<"WebhookOut">;
export type WebhookMade = Schema<"WebhookMadeOut">;
export type WebhookValues = Schema<"WebhookIn">;
export type Delivery = Schema<"DeliveryOut">;
export type DeliveryState = Delivery["state"];
export type Tried = Schema<"TriedOut">;

export const eventTypesQuery = queryOptions({
  queryKey: ["webhook-events"],
  queryFn: () => bodyOf(api.GET("/api/webhooks/events")),
  staleTime: Number.POSITIVE_INFINITY,
});

export const listWebhooks = (query: ListQuery): Promise<ListPage<Webhook>> =>
  bodyOf(api.GET("/api/webhooks", { params: { query } }));

export const createWebhook = (body: WebhookValues): Promise<WebhookMade> =>
  bodyOf(api.POST("/api/webhooks", { body }));

export const changeWebhook = (webhook_id: number, body: Partial<WebhookValues>): Promise<Webhook> =>
  bodyOf(api.PATCH("/api/webhooks/{webhook_id}", { params: { path: { webhook_id } }, body }));

export const removeWebhook = (webhook_id: number): Promise<void> =>
  bodyOf(api.DELETE("/api/webhooks/{webhook_id}", { params: { path: { webhook_id } } }));

export const changeSecret = (webhook_id: number): Promise<WebhookMade> =>
  bodyOf(api.POST("/api/webhooks/{webhook_id}/secret", { params: { path: { webhook_id } } }));

export const testWebhook = (webhook_id: number): Promise<Tried> =>
  bodyOf(api.POST("/api/webhooks/{webhook_id}/test", { params: { path: { webhook_id } } }));

export const listDeliveries = (query: ListQuery): Promise<ListPage<Delivery>> =>
  bodyOf(api.GET("/api/webhooks/deliveries", { params: { query } }));

export const deliveryQuery = (delivery_id: number) =>
  queryOptions({
    queryKey: ["settings", "webhooks/deliveries", delivery_id],
    queryFn: () =>
      bodyOf(api.GET("/api/webhooks/deliveries/{delivery_id}", { params: { path: { delivery_id } } })),
  });

export const resendDelivery = (delivery_id: number): Promise<Delivery> =>
  bodyOf(api.POST("/api/webhooks/deliveries/{delivery_id}/resend", { params: { path: { delivery_id } } }));
