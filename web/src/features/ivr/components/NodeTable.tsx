import { useQuery } from "@tanstack/react-query";
import { Button, type TableProps, Tooltip } from "antd";
import { Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { fromListState, toListState } from "@/ui/list-search";
import { formatPct, type NodeTraffic, nodesQuery, toNodesQuery } from "../model/queries";
import type { IvrSearch } from "../model/search";
import { NothingYet } from "./NothingYet";

interface Props {
  search: IvrSearch;
  onChange: (changes: IvrSearch) => void;
}

const COUNTS = ["entered", "left", "served", "gave_up"] as const;
const TROUBLE = ["faults", "failed_requests", "ended", "still_there"] as const;

/** What came of the callers at each step; a step's name opens the ways out of it. */
export function NodeTable({ search, onChange }: Props) {
  const { t, i18n } = useTranslation("ivr");
  const { data, error, isPending, refetch } = useQuery(nodesQuery(toNodesQuery(search)));
  const isChinese = i18n.language.startsWith("zh");
  const count = (name: (typeof COUNTS | typeof TROUBLE)[number]) => ({
    key: name,
    title: <Tooltip title={t(`definition.${name}`)}>{t(`figure.${name}`)}</Tooltip>,
    align: "right" as const,
    // how many are there still is no sum that the server sorts by
    sorter: name !== "still_there",
    render: (_: unknown, row: NodeTraffic) => <span className="numbers">{row[name]}</span>,
  });
  const columns: NonNullable<TableProps<NodeTraffic>["columns"]> = [
    {
      key: "node",
      title: t("step"),
      sorter: true,
      render: (_, row) => (
        <Button
          type="link"
          size="small"
          style={{ padding: 0 }}
          aria-label={t("ways.of", { step: row.node })}
          onClick={() => onChange({ flow: row.flow, node: row.node })}
        >
          {isChinese ? row.kind_name : row.kind_name_en} · {row.node}
        </Button>
      ),
    },
    { key: "flow_name", title: t("flow"), sorter: true, dataIndex: "flow_name" },
    ...COUNTS.map(count),
    {
      key: "gave_up_pct",
      title: <Tooltip title={t("definition.gave_up_pct")}>{t("figure.gave_up_pct")}</Tooltip>,
      align: "right",
      sorter: true,
      render: (_, row) => <span className="numbers">{formatPct(row.gave_up_pct)}</span>,
    },
    ...TROUBLE.map(count),
    {
      key: "average_stay_s",
      title: <Tooltip title={t("definition.average_stay_s")}>{t("figure.average_stay_s")}</Tooltip>,
      align: "right",
      sorter: true,
      render: (_, row) => (
        <span className="numbers">
          {row.average_stay_s === null ? "–" : formatDuration(row.average_stay_s)}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t("tab.nodes")}
      columns={columns}
      rows={data?.items}
      total={data?.total}
      rowKey="key"
      list={toListState(search)}
      onList={(list) => onChange(fromListState(list))}
      isLoading={isPending}
      error={error}
      onRetry={() => void refetch()}
      empty={<NothingYet search={search} icon={Workflow} onChange={onChange} of="nodes" />}
    />
  );
}
