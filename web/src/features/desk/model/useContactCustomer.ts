import { useQuery } from "@tanstack/react-query";
import { type Pop, popQuery } from "@/api/interactions";

type Match = Pop["matches"][number];
type Customer = Match["customer"];

/** Whose contact it is: whom it is linked to, else the only one with this number; null while that is open. */
export function matchOf(pop: Pop | undefined): Match | null {
  if (!pop) return null;
  const linked = pop.matches.find((match) => match.customer.id === pop.customer_id);
  if (linked) return linked;
  return pop.matches.length === 1 ? (pop.matches[0] ?? null) : null;
}

export function customerOf(pop: Pop | undefined): Customer | null {
  return matchOf(pop)?.customer ?? null;
}

export function useContactCustomer(interaction: string): Customer | null {
  return customerOf(useQuery(popQuery(interaction)).data);
}
