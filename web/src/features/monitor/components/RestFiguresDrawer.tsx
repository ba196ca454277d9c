import { useQuery } from "@tanstack/react-query";
import { Button, Drawer, Flex, type TableProps, Tooltip } from "antd";
import { Coffee } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { dayOf } from "@/lib/days";
import { localName } from "@/lib/names";
import { formatDuration } from "@/lib/time";
import { DataTable, type ListState } from "@/ui/DataTable";
import { DayRange } from "@/ui/DayRange";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { type RestFilter, toQuery } from "../model/rest-filter";
import { type RestFigures, restFiguresQuery } from "../model/rests";
import { RestFilters } from "./RestFilters";

interface Props {
  from: string | undefined;
  to: string | undefined;
  onRange: (range: { from: string | undefined; to: string | undefined }) => void;
  onClose: () => void;
}

/** Who rested how often and how long for which reason on each day, and how much longer than planned. */
export function RestFiguresDrawer({ from, to, onRange, onClose }: Props) {
  const { t, i18n } = useTranslation(["monitor", "ui"]);
  const zone = useTimeZone();
  const [now_ms] = useState(Date.now);
  const [list, setList] = useState<ListState>({ page: 1, pageSize: 20, sort: "-day" });
  const [filter, setFilter] = useState<RestFilter>({});
  const range = { from: from ?? dayOf(now_ms, zone, -6), to: to ?? dayOf(now_ms, zone, 0) };
  const narrowed = toQuery(filter);
  const asked = { ...range, ...narrowed, ...(list.sort && { sort: list.sort }) };
  const found = useQuery(restFiguresQuery({ ...asked, page: list.page, page_size: list.pageSize }));
  const narrow = (next: RestFilter) => {
    setFilter(next);
    setList({ ...list, page: 1 });
  };
  const columns: NonNullable<TableProps<RestFigures>["columns"]> = [
    { key: "day", title: t("rests.day"), dataIndex: "day", sorter: true },
    { key: "agent_name", title: t("rests.agent"), dataIndex: "agent_name", sorter: true },
    { key: "team_name", title: t("rests.team"), sorter: true, render: (_, row) => row.team_name || "–" },
    {
      key: "reason_name",
      title: t("rests.reason"),
      sorter: true,
      render: (_, row) =>
        localName({ name: row.reason_name, name_en: row.reason_name_en }, i18n.language) || "–",
    },
    ...(["rests", "rest_s", "rests_overrun", "overrun_s", "longest_s"] as const).map((name) => ({
      key: name,
      title: <Tooltip title={t(`rests.${name}Hint`)}>{t(`rests.${name}`)}</Tooltip>,
      sorter: true,
      align: "right" as const,
      render: (_: unknown, row: RestFigures) => (
        <span className="numbers">{name.endsWith("_s") ? formatDuration(row[name]) : row[name]}</span>
      ),
    })),
  ];
  const empty = Object.keys(narrowed).length ? (
    <EmptyState
      icon={Coffee}
      title={t("ui:list.nothingFound")}
      hint={t("ui:list.nothingFoundHint")}
      action={<Button onClick={() => narrow({})}>{t("ui:list.clear")}</Button>}
    />
  ) : (
    <EmptyState icon={Coffee} title={t("rests.empty")} hint={t("rests.emptyHint")} />
  );
  return (
    <Drawer title={t("rests.title")} open onClose={onClose} size={1080}>
      <Flex gap={12} wrap style={{ marginBottom: 16 }} justify="space-between">
        <Flex gap={8} wrap>
          <DayRange
            {...range}
            now_ms={now_ms}
            timeZone={zone}
            onChange={(next) => {
              onRange(next);
              setList({ ...list, page: 1 });
            }}
          />
          <RestFilters filter={filter} range={range} onFilter={narrow} />
        </Flex>
        <ExportButton path="/api/figures/rests" query={asked} />
      </Flex>
      <DataTable<RestFigures>
        label={t("rests.title")}
        columns={columns}
        rows={found.data?.items}
        total={found.data?.total}
        rowKey="key"
        list={list}
        onList={setList}
        isLoading={found.isPending}
        error={found.error}
        onRetry={() => void found.refetch()}
        empty={empty}
      />
    </Drawer>
  );
}
