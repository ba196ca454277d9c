import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import type { CareRulesSearch } from "./search";

export type CareRule = Schema<"CareRuleOut">;
export type CareRuleBody = Schema<"CareRuleIn">;
export type CarePreview = Schema<"CarePreviewOut">;
export type CareOptions = Schema<"CareOptionsOut">;
export type Occasion = CareRule["occasion"];

export const OCCASIONS: readonly Occasion[] = [
  "birthday",
  "anniversary",
  "before_date",
  "after_date",
  "after_contact",
  "no_contact",
  "after_follow_up",
];

export function careRulesQuery(search: CareRulesSearch) {
  const query = toListQuery(search);
  return queryOptions({
    queryKey: ["care-rules", "list", query],
    queryFn: () => bodyOf(api.GET("/api/care-rules", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export const careOptionsQuery = queryOptions({
  queryKey: ["care-rules", "options"],
  queryFn: () => bodyOf(api.GET("/api/care-rules/options")),
});

export function saveRule(rule: CareRule | null, body: CareRuleBody): Promise<CareRule> {
  if (!rule) return bodyOf(api.POST("/api/care-rules", { body }));
  return bodyOf(api.PATCH("/api/care-rules/{rule_id}", { params: { path: { rule_id: rule.id } }, body }));
}

export function switchRule(rule: CareRule, isActive: boolean): Promise<CareRule> {
  return bodyOf(
    api.PATCH("/api/care-rules/{rule_id}", {
      params: { path: { rule_id: rule.id } },
      body: { is_active: isActive },
    }),
  );
}

export function removeRule(rule: CareRule): Promise<void> {
  return bodyOf(api.DELETE("/api/care-rules/{rule_id}", { params: { path: { rule_id: rule.id } } }));
}

export function previewRule(body: CareRuleBody): Promise<CarePreview> {
  return bodyOf(api.POST("/api/care-rules/preview", { body }));
}
