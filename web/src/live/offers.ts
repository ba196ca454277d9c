import type { InteractionRow, OfferRow } from "./messages";

/** The offer of this contact that rings at the agent; a queue that rings all has several. */
export function offerTo(row: InteractionRow | null | undefined, agent: number | undefined): OfferRow | null {
  return row?.offers.find((offer) => offer.agent === agent) ?? null;
}
