import { useQuery } from "@tanstack/react-query";
import { Select, type TableProps, Tooltip } from "antd";
import { Clock3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { fromListState, toListState } from "@/ui/list-search";
import { formatPct, type HourTraffic, hoursQuery, toHoursQuery } from "../model/queries";
import { type IvrSearch, SPANS } from "../model/search";
import { NothingYet } from "./NothingYet";

interface Props {
  search: IvrSearch;
  onChange: (changes: IvrSearch) => void;
}

const COUNTS = ["came", "served", "gave_up"] as const;
const TROUBLE = ["ended", "faults", "failed_requests"] as const;

/** How many callers came into each flow by hour, by day, or by the hour of the day (IVR话务量). */
export function HourTable({ search, onChange }: Props) {
  const { t } = useTranslation("ivr");
  const zone = useTimeZone();
  const by = search.by ?? "hour";
  const { data, error, isPending, refetch } = useQuery(hoursQuery(toHoursQuery(search)));
  const when = (row: HourTraffic) => {
    if (row.hour !== null) return t("hour", { from: row.hour, to: row.hour + 1 });
    const at = formatInstant(row.starts_at ?? "", zone);
    return by === "day" ? at.split(" ")[0] : at;
  };
  const count = (name: (typeof COUNTS | typeof TROUBLE)[number]) => ({
    key: name,
    title: <Tooltip title={t(`definition.${name}`)}>{t(`figure.${name}`)}</Tooltip>,
    align: "right" as const,
    sorter: true,
    render: (_: unknown, row: HourTraffic) => <span className="numbers">{row[name]}</span>,
  });
  const columns: NonNullable<TableProps<HourTraffic>["columns"]> = [
    {
      key: by === "hour_of_day" ? "hour" : "starts_at",
      title: t(`when.${by}`),
      sorter: true,
      render: (_, row) => <span className="numbers">{when(row)}</span>,
    },
    { key: "flow_name", title: t("flow"), sorter: true, dataIndex: "flow_name" },
    ...COUNTS.map(count),
    {
      key: "gave_up_pct",
      title: <Tooltip title={t("definition.gaveUpOfCame")}>{t("figure.gave_up_pct")}</Tooltip>,
      align: "right",
      sorter: true,
      render: (_, row) => <span className="numbers">{formatPct(row.gave_up_pct)}</span>,
    },
    ...TROUBLE.map(count),
  ];
  return (
    <>
      <Select
        value={by}
        onChange={(value) => onChange({ by: value, sort: undefined, page: undefined })}
        options={SPANS.map((value) => ({ value, label: t(`by.${value}`) }))}
        aria-label={t("by.label")}
        style={{ width: 180, marginBottom: 12 }}
      />
      <DataTable
        label={t("tab.hours")}
        columns={columns}
        rows={data?.items}
        total={data?.total}
        rowKey="key"
        list={toListState(search)}
        onList={(list) => onChange(fromListState(list))}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={<NothingYet search={search} icon={Clock3} onChange={onChange} of="hours" />}
      />
    </>
  );
}
