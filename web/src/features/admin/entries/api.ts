import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { Resource } from "../model/api";
import { allQuery } from "../model/queries";

export type EntryRule = Schema<"EntryRuleOut">;
export type EntryRuleBody = Schema<"EntryRuleIn">;
export type EntryArm = Schema<"EntryArmOut">;
export type EntryTryout = Schema<"EntryTryOut">;

const path = (entry_rule_id: number) => ({ params: { path: { entry_rule_id } } });

export const entryRules: Resource<EntryRule, EntryRuleBody, Schema<"EntryRulePatch">> = {
  noun: "entry-rules",
  list: (query) => bodyOf(api.GET("/api/entry-rules", { params: { query } })),
  create: (body) => bodyOf(api.POST("/api/entry-rules", { body })),
  change: (id, body) => bodyOf(api.PATCH("/api/entry-rules/{entry_rule_id}", { ...path(id), body })),
  remove: (id) => bodyOf(api.DELETE("/api/entry-rules/{entry_rule_id}", path(id))),
};

export const allEntryRules = allQuery<EntryRule>(entryRules);

export const orderEntryRules = (rule_ids: number[]) =>
  bodyOf(api.PUT("/api/entry-rules/order", { body: { rule_ids } }));

export const tryEntryRules = (body: Schema<"EntryTryIn">): Promise<EntryTryout> =>
  bodyOf(api.POST("/api/entry-rules/try", { body }));

export function entryResultsQuery(rule: EntryRule) {
  return queryOptions({
    queryKey: ["settings", "entry-rules", rule.id, "results", rule.counted_since],
    queryFn: () => bodyOf(api.GET("/api/entry-rules/{entry_rule_id}/results", path(rule.id))),
    refetchInterval: 30_000,
  });
}
