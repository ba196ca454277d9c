import { lazy, type ReactNode, Suspense, useState } from "react";
import { useRight } from "@/api/session";
import { useCommand } from "@/features/softphone";
import type { InteractionRow } from "@/live/messages";
import { send, useLive } from "@/live/store";
import { type Act, actsFor } from "./acts";

const InterventionDialog = lazy(() =>
  import("../components/InterventionDialog").then((m) => ({ default: m.InterventionDialog })),
);

interface Interventions {
  actsOf: (row: InteractionRow) => Act[];
  /** Do it, or ask first for what it needs. */
  begin: (act: Act, row: InteractionRow) => void;
  /** The dialog that asks, where one is open. */
  dialog: ReactNode;
}

/** What this reader may do to waiting contacts, and the one dialog that asks for the rest. */
export function useInterventions(): Interventions {
  const mayIntervene = useRight("waiting.intervene");
  const mayPull = useRight("waiting.pull");
  const { attempt } = useCommand();
  const [asked, setAsked] = useState<{ act: Exclude<Act, "pull">; row: InteractionRow } | null>(null);
  const pull = (row: InteractionRow) =>
    attempt(async () => {
      if (useLive.getState().me?.state === "logged_out") await send({ do: "SignIn" });
      await send({ do: "Pull", interaction: row.id, in_queue: row.queue ?? 0 });
    });
  return {
    actsOf: (row) => actsFor(row, { mayIntervene, mayPull }),
    begin: (act, row) => (act === "pull" ? void pull(row) : setAsked({ act, row })),
    dialog: asked && (
      <Suspense>
        <InterventionDialog act={asked.act} row={asked.row} onClose={() => setAsked(null)} />
      </Suspense>
    ),
  };
}
