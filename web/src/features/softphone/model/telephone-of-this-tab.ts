/** The one telephone of this tab, and which tab owns it. */
import { send } from "@/live/store";
import { TabOwner } from "@/telephone/tab-owner";
import { Telephone, useTelephone } from "@/telephone/telephone";

/**
 * Names this page, anew at each load: the engine takes a new name as "the call that this agent had lost its page"
 * and rings it again, while the same page opening the telephone once more keeps its call.
 */
function pageName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const telephone = new Telephone({
  makeAdapter: async () => new (await import("@/telephone/jssip-adapter")).JssipAdapter(),
  send,
  holder: pageName(),
});

let owner: TabOwner | null = null;
/** By which the tabs of one agent speak with each other. */
let channel: BroadcastChannel | null = null;

type Wish = { do: "answer"; offer: string } | { do: "end" };

/** Have the telephone in this tab if no other has it. `agent` tells the logins of one browser apart. Returns how to stop. */
export function claimTelephone(agent: number): () => void {
  owner = new TabOwner(`zhiyin.telephone.${agent}`, {
    onHeld: () => void telephone.open(),
    onElsewhere: () => telephone.close("elsewhere"),
  });
  owner.start();
  channel = new BroadcastChannel(`zhiyin.telephone.${agent}`);
  channel.onmessage = ({ data }: MessageEvent<Wish>) => {
    const { place, call } = useTelephone.getState();
    if (place !== "mine") return;
    if (data.do === "answer")
      telephone.answer(data.offer).catch(() => undefined); // told in the owner's own banner
    else if (call?.phase === "talking") telephone.endHere();
  };
  return () => {
    telephone.close("off");
    owner?.stop();
    owner = null;
    channel?.close();
    channel = null;
  };
}

/** Take the telephone from the other tab. */
export function takeTelephoneOver(): void {
  owner?.takeOver();
}

/** Answer from any tab: the one that owns the telephone does it. Rejects as `Telephone.answer` where this is the one. */
export async function answerOffer(offer: string): Promise<void> {
  if (useTelephone.getState().place === "elsewhere")
    channel?.postMessage({ do: "answer", offer } satisfies Wish);
  else await telephone.answer(offer);
}

/** End the call in the tab that owns the telephone; here only if it is still the call `id`. */
export function endCall(id: string | undefined): void {
  if (useTelephone.getState().place === "elsewhere") channel?.postMessage({ do: "end" } satisfies Wish);
  else if (id !== undefined) telephone.endHere(id);
}
