import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "../../model/api";

export type Connector = Schema<"ConnectorOut">;
export type ConnectorValues = Schema<"ConnectorIn">;
export type ConnectorTried = Schema<"ConnectorTriedOut">;
export type ConnectorTask = Schema<"ConnectorTaskOut">;
export type TaskState = ConnectorTask["state"];

export const connectorKindsQuery = queryOptions({
  queryKey: ["connector-kinds"],
  queryFn: () => bodyOf(api.GET("/api/connectors/kinds")),
  staleTime: Number.POSITIVE_INFINITY,
});

export const listConnectors = (query: ListQuery): Promise<ListPage<Connector>> =>
  bodyOf(api.GET("/api/connectors", { params: { query } }));

export const createConnector = (body: ConnectorValues): Promise<Connector> =>
  bodyOf(api.POST("/api/connectors", { body }));

export const changeConnector = (connector_id: number, body: Schema<"ConnectorPatchIn">): Promise<Connector> =>
  bodyOf(api.PATCH("/api/connectors/{connector_id}", { params: { path: { connector_id } }, body }));

export const removeConnector = (connector_id: number): Promise<void> =>
  bodyOf(api.DELETE("/api/connectors/{connector_id}", { params: { path: { connector_id } } }));

export const testConnector = (connector_id: number): Promise<ConnectorTried> =>
  bodyOf(
    api.POST("/api/connectors/{connector_id}/test", {
      params: { path: { connector_id } },
      body: { number: "" },
    }),
  );

export const readAnew = (connector_id: number): Promise<Connector> =>
  bodyOf(api.POST("/api/connectors/{connector_id}/read-anew", { params: { path: { connector_id } } }));

export const listTasks = (query: ListQuery): Promise<ListPage<ConnectorTask>> =>
  bodyOf(api.GET("/api/connectors/tasks", { params: { query } }));

export const doAgain = (connector_task_id: number): Promise<ConnectorTask> =>
  bodyOf(
    api.POST("/api/connectors/tasks/{connector_task_id}/again", { params: { path: { connector_task_id } } }),
  );
