import type { DeskCommand, InteractionRow } from "@/live/messages";
import { useTelephone } from "@/telephone/telephone";
import { endCall } from "./telephone-of-this-tab";
import { useCommand } from "./useCommand";

/** The engine answers within milliseconds. Whoever hangs up is not kept on the line for longer than this. */
const PATIENCE_MS = 3_000;

/**
 * Hang up. It waits for nothing else that was asked before: while the answer to "resume" was on its way a click was
 * swallowed, as a button that turns takes none. Where the engine refuses, is away or silent, the telephone ends the
 * call by itself, and the engine learns of it from Asterisk.
 */
export function useHangUp(row: InteractionRow): { hangUp: () => Promise<void>; isHangingUp: boolean } {
  const { ask, isBusy } = useCommand();
  return { hangUp: () => hangUpBy(ask, row), isHangingUp: isBusy };
}

/** The same for whoever has a way to ask; `ask` resolves to whether it was done. */
export async function hangUpBy(
  ask: (command: DeskCommand) => Promise<boolean>,
  row: InteractionRow,
): Promise<void> {
  const call = useTelephone.getState().call?.id; // the next one may ring before the engine's silence is over
  const patience = setTimeout(() => endCall(call), PATIENCE_MS);
  const isDone = await ask({ do: "HangUp", interaction: row.id });
  clearTimeout(patience);
  if (!isDone || row.unseen_since) endCall(call); // out of sight nobody else ends what this telephone holds
}
