import type { Contact } from "./queries";

type Parties = Pick<Contact, "caller_agent_name" | "agent_name" | "queue_name">;

/** Of a call between colleagues: who called whom, or which queue. */
export function betweenWhom(contact: Parties): string {
  return [contact.caller_agent_name, contact.agent_name || contact.queue_name].filter(Boolean).join(" → ");
}
