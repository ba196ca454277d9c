/** Missed calls by who called. */
import type { Contact } from "./queries";

/** Who called: the customer where known, else the number as far as the reader sees it; null where it was withheld. */
function callerOf(contact: Contact): string | null {
  if (contact.customer) return `customer ${contact.customer.id}`;
  return contact.number ?? (contact.masked || null);
}

/** How many of `contacts` each contact's caller made; callers without a number are never taken for the same. */
export function countByCaller(contacts: readonly Contact[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const contact of contacts) {
    const caller = callerOf(contact);
    if (caller) calls.set(caller, (calls.get(caller) ?? 0) + 1);
  }
  return new Map(contacts.map((contact) => [contact.id, calls.get(callerOf(contact) ?? "") ?? 1]));
}
