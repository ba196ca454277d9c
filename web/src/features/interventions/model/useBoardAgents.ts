import { useMemo } from "react";
import type { AgentRow } from "@/live/messages";
import { useLive } from "@/live/store";

const AWAY: readonly AgentRow["state"][] = ["logged_out", "not_ready", "rest", "lost"];
const NOBODY: AgentRow[] = [];

/** The agents that the reader sees, who works now first. */
export function useBoardAgents(): { row: AgentRow; isAtWork: boolean }[] {
  const rows = useLive((state) => state.board?.agents ?? NOBODY);
  return useMemo(
    () =>
      rows
        .map((row) => ({ row, isAtWork: !AWAY.includes(row.state) && row.telephone_state !== "away" }))
        .sort(
          (a, b) => Number(b.isAtWork) - Number(a.isAtWork) || a.row.name.localeCompare(b.row.name, "zh"),
        ),
    [rows],
  );
}
