import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Loan = Schema<"LoanOut">;

/** The newest loans of an agent, those that last among them. */
export function loansQuery(agent: number) {
  return queryOptions({
    queryKey: ["loans", agent],
    queryFn: async () =>
      (await bodyOf(api.GET("/api/routing/loans", { params: { query: { agent, page_size: 10 } } }))).items,
  });
}

export interface Lending {
  queue: number;
  minutes: number;
  is_instead: boolean;
}

export function lend(agent: number, lending: Lending) {
  return bodyOf(api.POST("/api/routing/loans", { body: { ...lending, agents: [agent] } }));
}

export function endLoan(loan_id: number) {
  return bodyOf(api.POST("/api/routing/loans/{loan_id}/end", { params: { path: { loan_id } } }));
}

/** Whether the agent is there still. */
export function isCurrent(loan: Loan, now_ms: number): boolean {
  return loan.ended_at === null && Date.parse(loan.until) > now_ms;
}
