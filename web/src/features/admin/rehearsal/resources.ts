import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Rehearsal = Schema<"RehearsalOut">;
export type Outcome = Schema<"RehearsalOutcomeOut">;
export type MadeUpCaller = Omit<Schema<"RehearsalIn">, "changes">;
export type QueueChanges = Schema<"QueuePatchIn">;

/** What the router would do with this caller now; with `changes` also by settings that are not saved. */
export function tryRouting(queue_id: number, caller: MadeUpCaller, changes: QueueChanges | null) {
  return bodyOf(
    api.POST("/api/queues/{queue_id}/try", {
      params: { path: { queue_id } },
      body: { ...caller, changes },
    }),
  );
}

export type TestContactsBody = Required<Schema<"TestContactsIn">>;

export const testContactsQuery = queryOptions({
  queryKey: ["test-contacts"],
  queryFn: () => bodyOf(api.GET("/api/routing/test-contacts")),
  refetchInterval: 2000,
});

export function putTestContacts(body: TestContactsBody) {
  return bodyOf(api.POST("/api/routing/test-contacts", { body }));
}

export function endTestContacts() {
  return bodyOf(api.DELETE("/api/routing/test-contacts"));
}
