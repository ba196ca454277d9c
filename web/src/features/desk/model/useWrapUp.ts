import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, bodyOf } from "@/api/client";
import { type WrapUp, wrapUpQuery } from "@/api/interactions";
import { type DraftState, WrapUpDraft, type WrapUpRecord } from "./wrap-up-draft";

function toRecord({ disposition_id, result, note, version }: WrapUp): WrapUpRecord {
  return { disposition_id, result, note, version };
}

/** The draft of one contact's wrap-up, living as long as its form. `initial` is what the server held when the form opened. */
export function useWrapUp(
  interaction: string,
  initial: WrapUp,
): { state: DraftState; draft: WrapUpDraft | null } {
  const queryClient = useQueryClient();
  const first = useRef(initial);
  const [draft, setDraft] = useState<WrapUpDraft | null>(null);
  const [state, setState] = useState<DraftState>({
    fields: toRecord(initial),
    status: "saved",
    problem: null,
  });
  useEffect(() => {
    const path = { interaction_id: interaction };
    const opened = new WrapUpDraft(toRecord(first.current), {
      key: `zhiyin.wrap-up.${interaction}`,
      storage: localStorage,
      save: async (record) => {
        const saved = await bodyOf(
          api.PUT("/api/interactions/{interaction_id}/wrap-up", { params: { path }, body: record as WrapUp }),
        );
        queryClient.setQueryData(wrapUpQuery(interaction).queryKey, saved);
        return toRecord(saved);
      },
      reload: async () =>
        toRecord(await bodyOf(api.GET("/api/interactions/{interaction_id}/wrap-up", { params: { path } }))),
      onChange: setState,
    });
    setDraft(opened);
    setState(opened.state);
    return () => opened.close();
  }, [interaction, queryClient]);
  return { state, draft };
}
