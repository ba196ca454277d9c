import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { type KeyboardEvent, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { actOfKey, classNamesQuery, useInterventions } from "@/features/interventions";
import { localName } from "@/lib/names";
import type { Board } from "@/live/messages";
import { EmptyState } from "@/ui/EmptyState";
import type { InLine } from "../model/lines";
import type { LiveSearch } from "../model/search";
import { VirtualRows } from "./VirtualRows";
import { WaitingRow } from "./WaitingRow";
import { WaitingTools } from "./WaitingTools";

interface Props {
  rows: readonly InLine[];
  board: Board;
  search: LiveSearch;
  onSearch: (change: LiveSearch) => void;
}

/** Who waits for an agent, and what a lead may do about it. Arrows go from row to row, letters act on the one in focus. */
export function WaitingLine({ rows, board, search, onSearch }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const { actsOf, begin, dialog } = useInterventions();
  const hasClasses = board.interactions.some((row) => row.class_code);
  const classes = useQuery({ ...classNamesQuery, enabled: hasClasses }).data;
  const queues = useMemo(() => new Map(board.queues.map((queue) => [queue.id, queue])), [board.queues]);
  const names = useMemo(() => new Map(board.agents.map((agent) => [agent.id, agent.name])), [board.agents]);
  const nameOf = (agent: number | null | undefined) =>
    agent == null ? null : (names.get(agent) ?? String(agent));
  const classOf = (code: string | undefined) => {
    const known = classes?.find((one) => one.code === code);
    return known ? localName(known, i18n.language) : (code ?? "");
  };
  const onKey = (event: KeyboardEvent, { row }: InLine) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isOfRow(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (moveFocus(event.currentTarget, event.key === "ArrowDown")) event.preventDefault();
      return;
    }
    const act = actOfKey(event.key);
    if (act === undefined || !actsOf(row).includes(act)) return;
    event.preventDefault();
    begin(act, row);
  };
  return (
    <>
      <WaitingTools search={search} onSearch={onSearch} />
      {rows.length === 0 ? (
        <EmptyState
          icon={Users}
          title={t(
            search.sight ? "sight.noneTitle" : search.medium ? "waiting.noneTitle" : "waiting.emptyTitle",
          )}
          hint={t(search.sight ? "sight.noneHint" : search.medium ? "waiting.noneHint" : "waiting.emptyHint")}
        />
      ) : (
        <VirtualRows
          label={t("waiting.label")}
          items={rows}
          itemKey={({ row }) => row.id}
          rowHeight={52}
          maxHeight="300px"
        >
          {(line) => (
            <WaitingRow
              line={line}
              queue={queues.get(line.row.queue ?? 0)}
              offeredTo={namesOf(
                line.row.offers.map(({ agent }) => names.get(agent) ?? String(agent)),
                t("waiting.comma"),
              )}
              assignedTo={nameOf(line.row.assigned_to)}
              className={classOf(line.row.class_code)}
              acts={actsOf(line.row)}
              onAct={(act) => begin(act, line.row)}
              onKey={(event) => onKey(event, line)}
            />
          )}
        </VirtualRows>
      )}
      {dialog}
    </>
  );
}

/** Whether the key was meant for the row and not for a menu or a dialog that it opened. */
function isOfRow(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.currentTarget.contains(event.target);
}

function moveFocus(from: Element, isDown: boolean): boolean {
  const item = from.closest("li");
  const next = isDown ? item?.nextElementSibling : item?.previousElementSibling;
  const link = next?.querySelector<HTMLElement>("a");
  link?.focus();
  return link != null;
}

/** Of how many who are rung at once the names are shown. */
const NAMED = 3;

function namesOf(agents: readonly string[], comma: string): string | null {
  if (agents.length === 0) return null;
  const names = agents.slice(0, NAMED).join(comma);
  return agents.length > NAMED ? `${names} +${agents.length - NAMED}` : names;
}
