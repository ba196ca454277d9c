import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Board, InteractionRow } from "@/live/messages";
import { EmptyState } from "@/ui/EmptyState";
import { VirtualRows } from "./VirtualRows";
import { WaitingRow } from "./WaitingRow";

interface Props {
  rows: readonly InteractionRow[];
  board: Board;
}

/** Who waits for an agent, the longest first. */
export function WaitingLine({ rows, board }: Props) {
  const { t } = useTranslation("monitor");
  if (rows.length === 0)
    return <EmptyState icon={Users} title={t("waiting.emptyTitle")} hint={t("waiting.emptyHint")} />;
  const queues = new Map(board.queues.map((queue) => [queue.id, queue]));
  const names = new Map(board.agents.map((agent) => [agent.id, agent.name]));
  return (
    <VirtualRows
      label={t("waiting.label")}
      items={rows}
      itemKey={(row) => row.id}
      rowHeight={52}
      maxHeight="300px"
    >
      {(row) => (
        <WaitingRow
          row={row}
          queue={queues.get(row.queue ?? 0)}
          offeredTo={row.offer ? (names.get(row.offer.agent) ?? String(row.offer.agent)) : null}
        />
      )}
    </VirtualRows>
  );
}
