import { useQuery } from "@tanstack/react-query";
import { type Pop, popQuery } from "@/api/interactions";

type Customer = Pop["matches"][number]["customer"];

/** The customer of a contact: whom it is linked to, else the only one with this number; null while that is open. */
export function customerOf(pop: Pop | undefined): Customer | null {
  if (!pop) return null;
  const linked = pop.matches.find((match) => match.customer.id === pop.customer_id);
  if (linked) return linked.customer;
  return pop.matches.length === 1 ? (pop.matches[0]?.customer ?? null) : null;
}

export function useContactCustomer(interaction: string): Customer | null {
  return customerOf(useQuery(popQuery(interaction)).data);
}
