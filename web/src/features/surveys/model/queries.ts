import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { nextDay, startOfDay } from "@/lib/days";
import { toListQuery } from "@/ui/list-search";
import type { SurveysSearch } from "./search";

export type SurveyAnswer = Schema<"SurveyAnswerOut">;
export type Satisfaction = Schema<"SatisfactionOut">;

function days(search: SurveysSearch, timeZone: string) {
  return {
    ...(search.from && { from: startOfDay(search.from, timeZone) }),
    ...(search.to && { to: startOfDay(nextDay(search.to), timeZone) }),
  };
}

/** The search of the address as the API takes it. */
export function toAnswersQuery(search: SurveysSearch, timeZone: string) {
  return {
    ...toListQuery(search),
    ...(search.queue && { queue: search.queue }),
    ...(search.low && { low: true }),
    ...days(search, timeZone),
  };
}

export function answersQuery(query: ReturnType<typeof toAnswersQuery>) {
  return queryOptions({
    queryKey: ["survey-answers", query],
    queryFn: () => bodyOf(api.GET("/api/surveys/answers", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** What one contact's customer answered. */
export function answersOfQuery(interaction: string) {
  return queryOptions({
    queryKey: ["survey-answers", { interaction }],
    queryFn: () =>
      bodyOf(api.GET("/api/surveys/answers", { params: { query: { interaction, sort: "answered_at" } } })),
  });
}

export function satisfactionQuery(search: SurveysSearch, timeZone: string) {
  const query = { by: search.by ?? ("queue" as const), ...days(search, timeZone) };
  return queryOptions({
    queryKey: ["satisfaction", query],
    queryFn: () => bodyOf(api.GET("/api/surveys/satisfaction", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function formatShare(share: number | null): string {
  return share === null ? "–" : `${share.toFixed(1)} %`;
}
