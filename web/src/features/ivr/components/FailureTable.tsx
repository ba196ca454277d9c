import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TableProps } from "antd";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { fromListState, toListState } from "@/ui/list-search";
import { type FlowFailure, failuresQuery, toFailuresQuery } from "../model/queries";
import type { IvrSearch } from "../model/search";
import { NothingYet } from "./NothingYet";

interface Props {
  search: IvrSearch;
  onChange: (changes: IvrSearch) => void;
}

/** Look-ups that failed and steps that could not go on, each with its contact. */
export function FailureTable({ search, onChange }: Props) {
  const { t, i18n } = useTranslation(["ivr", "external-services"]);
  const zone = useTimeZone();
  const { data, error, isPending, refetch } = useQuery(failuresQuery(toFailuresQuery(search, zone)));
  const isChinese = i18n.language.startsWith("zh");
  const columns: NonNullable<TableProps<FlowFailure>["columns"]> = [
    {
      key: "failed_at",
      title: t("failure.at"),
      sorter: true,
      render: (_, row) => (
        <Link to="/interactions/$interaction" params={{ interaction: row.interaction }} className="numbers">
          {formatInstant(row.failed_at, zone)}
        </Link>
      ),
    },
    { key: "flow", title: t("flow"), dataIndex: "flow_name" },
    {
      key: "node",
      title: t("step"),
      sorter: true,
      render: (_, row) => `${isChinese ? row.kind_name : row.kind_name_en} · ${row.node}`,
    },
    {
      key: "what",
      title: t("failure.what"),
      sorter: true,
      render: (_, row) => t(`what.${row.what as "step"}`, { defaultValue: row.what }),
    },
    { key: "service", title: t("failure.service"), render: (_, row) => row.service_name || "–" },
    {
      key: "outcome",
      title: t("failure.outcome"),
      sorter: true,
      render: (_, row) => t(`outcome.${row.outcome as "failed"}`, { defaultValue: row.outcome }),
    },
    {
      key: "cause",
      title: t("failure.cause"),
      sorter: true,
      render: (_, row) =>
        row.cause ? t(`external-services:causes.${row.cause as "late"}`, { defaultValue: row.cause }) : "–",
    },
  ];
  return (
    <DataTable
      label={t("tab.failures")}
      columns={columns}
      rows={data?.items}
      total={data?.total}
      rowKey="id"
      list={toListState(search)}
      onList={(list) => onChange(fromListState(list))}
      isLoading={isPending}
      error={error}
      onRetry={() => void refetch()}
      empty={<NothingYet search={search} icon={CircleCheck} onChange={onChange} of="failures" />}
    />
  );
}
