import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "../model/api";

export type RuleTrial = Schema<"RuleTrialOut">;
export type TrialBody = Schema<"RuleTrialIn">;
export type QueueDraft = Schema<"QueueDraft">;
export type ShadowReport = Schema<"ShadowReport">;
export type CanaryReport = Schema<"CanaryReport">;
export type Arm = Schema<"ArmOut">;
export type Change = Schema<"Change95">;
export type ReplayGroup = Schema<"ReplayGroup">;

const ASKED_AGAIN_MS = 30_000;

export const isRunning = (trial: RuleTrial | undefined) =>
  trial?.state === "shadow" || trial?.state === "canary";

const path = (trial_id: number) => ({ params: { path: { trial_id } } });

export const listTrials = (query: ListQuery): Promise<ListPage<RuleTrial>> =>
  bodyOf(api.GET("/api/rule-trials", { params: { query } }));

export function trialQuery(trial_id: number) {
  return queryOptions({
    queryKey: ["settings", "rule-trials", trial_id],
    queryFn: () => bodyOf(api.GET("/api/rule-trials/{trial_id}", path(trial_id))),
    // the engine takes a draft back by itself
    refetchInterval: ({ state }) => (isRunning(state.data) ? ASKED_AGAIN_MS : false),
  });
}

export function reportQuery(trial: RuleTrial) {
  return queryOptions({
    queryKey: ["settings", "rule-trials", trial.id, "report", trial.state],
    queryFn: () => bodyOf(api.GET("/api/rule-trials/{trial_id}/report", path(trial.id))),
    refetchInterval: isRunning(trial) ? ASKED_AGAIN_MS : false,
  });
}

export const replayTrial = (trial_id: number, hours: number) =>
  bodyOf(api.GET("/api/rule-trials/{trial_id}/replay", { params: { path: { trial_id }, query: { hours } } }));

export const saveTrial = (trial: RuleTrial | null, body: TrialBody): Promise<RuleTrial> =>
  trial
    ? bodyOf(api.PATCH("/api/rule-trials/{trial_id}", { ...path(trial.id), body }))
    : bodyOf(api.POST("/api/rule-trials", { body }));

export const beginShadow = (trial_id: number) =>
  bodyOf(api.POST("/api/rule-trials/{trial_id}/shadow", path(trial_id)));

export const beginCanary = (trial_id: number, share_pct: number) =>
  bodyOf(api.POST("/api/rule-trials/{trial_id}/canary", { ...path(trial_id), body: { share_pct } }));

export const dropTrial = (trial_id: number) =>
  bodyOf(api.POST("/api/rule-trials/{trial_id}/drop", path(trial_id)));

export const adoptTrial = (trial_id: number) =>
  bodyOf(api.POST("/api/rule-trials/{trial_id}/adopt", path(trial_id)));
