import { PhoneOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import type { Board, InteractionRow } from "@/live/messages";
import { EmptyState } from "@/ui/EmptyState";
import { ConversationRow } from "./ConversationRow";
import { VirtualRows } from "./VirtualRows";

interface Props {
  rows: readonly InteractionRow[];
  board: Board;
  /** Others are not shown. */
  isOnlyUnseen: boolean;
}

/** What is being talked about now, and who is still in automatic service. */
export function Conversations({ rows, board, isOnlyUnseen }: Props) {
  const { t } = useTranslation("monitor");
  const maySupervise = useRight("calls.supervise");
  if (rows.length === 0)
    return (
      <EmptyState
        icon={PhoneOff}
        title={t(isOnlyUnseen ? "sight.noneTitle" : "conversations.emptyTitle")}
        hint={t(isOnlyUnseen ? "sight.noneHint" : "conversations.emptyHint")}
      />
    );
  const queues = new Map(board.queues.map((queue) => [queue.id, queue]));
  const names = new Map(board.agents.map((agent) => [agent.id, agent.name]));
  return (
    <VirtualRows
      label={t("conversations.label")}
      items={rows}
      itemKey={(row) => row.id}
      rowHeight={52}
      maxHeight="560px"
    >
      {(row) => (
        <ConversationRow
          row={row}
          queue={queues.get(row.queue ?? 0)}
          agent={row.agent === null ? null : (names.get(row.agent) ?? String(row.agent))}
          parkedBy={row.parked && (names.get(row.parked.by_agent) ?? String(row.parked.by_agent))}
          watchers={row.monitors.map((each) => names.get(each.supervisor) ?? String(each.supervisor))}
          maySupervise={maySupervise}
        />
      )}
    </VirtualRows>
  );
}
