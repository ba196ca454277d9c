import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type ContactChecklist = Schema<"ContactChecklistOut">;
export type Offered = Schema<"OfferedOut">;

export function checklistsQuery(interaction: string) {
  return queryOptions({
    queryKey: ["settings", "checklists", "of", interaction],
    queryFn: async () =>
      (
        await bodyOf(
          api.GET("/api/interactions/{interaction_id}/checklists", {
            params: { path: { interaction_id: interaction } },
          }),
        )
      ).items,
    staleTime: 60_000,
  });
}

export async function tickStep(
  interaction: string,
  checklist: number,
  step: string,
  is_ticked: boolean,
): Promise<ContactChecklist[]> {
  const path = { interaction_id: interaction, checklist_id: checklist, step };
  const answer = api.PUT("/api/interactions/{interaction_id}/checklists/{checklist_id}/{step}", {
    params: { path },
    body: { is_ticked },
  });
  return (await bodyOf(answer)).items;
}

/** What to offer the contact's customer; asked anew once somebody else is said to be the customer. */
export function recommendationsQuery(interaction: string, customer: number | undefined) {
  return queryOptions({
    queryKey: ["settings", "recommendations", "of", interaction, customer],
    queryFn: async () =>
      (
        await bodyOf(
          api.GET("/api/interactions/{interaction_id}/recommendations", {
            params: { path: { interaction_id: interaction } },
          }),
        )
      ).items,
    enabled: customer !== undefined,
    staleTime: 60_000,
  });
}

export async function answerRecommendation(
  interaction: string,
  recommendation: number,
  body: Schema<"AnswerIn">,
): Promise<Offered[]> {
  const path = { interaction_id: interaction, recommendation_id: recommendation };
  const answer = api.PUT("/api/interactions/{interaction_id}/recommendations/{recommendation_id}", {
    params: { path },
    body,
  });
  return (await bodyOf(answer)).items;
}

/** The checklists as they will be once the server has the tick; `by` null takes it back. */
export function withTick(
  lists: readonly ContactChecklist[],
  checklist: number,
  key: string,
  by: string | null,
): ContactChecklist[] {
  const done = { ticked_by: by ?? "", ticked_at: by === null ? null : new Date().toISOString() };
  return lists.map((list) =>
    list.checklist === checklist
      ? { ...list, steps: list.steps.map((step) => (step.key === key ? { ...step, ...done } : step)) }
      : list,
  );
}

/** How many steps that must be done are not. */
export function countMissing(checklists: readonly ContactChecklist[]): number {
  return checklists
    .flatMap(({ steps }) => steps)
    .filter((step) => step.is_required && step.ticked_at === null).length;
}

/** How many recommendations the customer has not answered. */
export function countUnanswered(offered: readonly Offered[]): number {
  return offered.filter(({ outcome }) => outcome === "" || outcome === "shown").length;
}
