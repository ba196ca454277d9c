import { Input, Segmented, Select } from "antd";
import { LayoutGrid, List, Search, UserSearch } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import type { AgentRow } from "@/live/messages";
import { EmptyState } from "@/ui/EmptyState";
import { agentOrders, chooseAgents } from "../model/agents";
import type { LiveSearch } from "../model/search";
import { useAgentWords } from "../model/useAgentWords";
import { AgentCard } from "./AgentCard";
import { AgentLine } from "./AgentLine";
import styles from "./AgentPanel.module.css";
import { StateFilter } from "./StateFilter";
import { VirtualRows } from "./VirtualRows";

interface Props {
  agents: readonly AgentRow[];
  search: LiveSearch;
  onSearch: (change: LiveSearch) => void;
  /** Names of the queues that an agent serves. */
  queuesOf: (agent: number) => string;
  /** Contacts out of sight, and since when each is. */
  unseen: ReadonlyMap<string, string>;
}

/** Who is in which state since when: all of them, at any size of the centre. */
export function AgentPanel({ agents, search, onSearch, queuesOf, unseen }: Props) {
  const { t } = useTranslation("monitor");
  const [name, setName] = useState("");
  const mayForce = [useRight("agents.force"), useRight("agents.lend")].some(Boolean);
  const group = search.state ?? "signed_in";
  const order = search.order ?? "longest";
  const shown = useMemo(
    () => chooseAgents(agents, { group, order, search: name }),
    [agents, group, order, name],
  );
  const isList = search.view === "list";
  const wordsOf = useAgentWords();
  return (
    <>
      <div className={styles.tools}>
        <StateFilter agents={agents} chosen={group} onChoose={(state) => onSearch({ ...search, state })} />
        <span className={styles.right}>
          <Input
            className={styles.name}
            value={name}
            allowClear
            prefix={<Search size={14} aria-hidden />}
            placeholder={t("agents.search")}
            aria-label={t("agents.search")}
            onChange={(event) => setName(event.target.value)}
          />
          <Select
            value={order}
            aria-label={t("agents.order")}
            options={agentOrders.map((value) => ({ value, label: t(`agents.by.${value}`) }))}
            onChange={(value) => onSearch({ ...search, order: value })}
            popupMatchSelectWidth={false}
          />
          <Segmented
            value={isList ? "list" : "grid"}
            aria-label={t("agents.view")}
            options={[
              { value: "grid", icon: <LayoutGrid size={16} aria-label={t("agents.grid")} /> },
              { value: "list", icon: <List size={16} aria-label={t("agents.list")} /> },
            ]}
            onChange={(view) => onSearch({ ...search, view: view === "list" ? "list" : undefined })}
          />
        </span>
      </div>
      {shown.length === 0 ? (
        <EmptyState icon={UserSearch} title={t("agents.emptyTitle")} hint={t("agents.emptyHint")} />
      ) : (
        <VirtualRows
          key={isList ? "list" : "grid"}
          label={t("agents.label")}
          items={shown}
          itemKey={(row) => row.id}
          rowHeight={isList ? 40 : 64}
          {...(!isList && { minColumnWidth: 132 })}
          maxHeight="560px"
        >
          {(row) => {
            const { state, reason } = wordsOf(row);
            return isList ? (
              <AgentLine
                row={row}
                state={state}
                reason={reason}
                queues={queuesOf(row.id)}
                mayForce={mayForce}
                unseenSince={unseen.get(row.interaction ?? "")}
              />
            ) : (
              <AgentCard
                row={row}
                word={reason || state}
                mayForce={mayForce}
                unseenSince={unseen.get(row.interaction ?? "")}
              />
            );
          }}
        </VirtualRows>
      )}
    </>
  );
}
