import { useQuery } from "@tanstack/react-query";
import { Drawer, Flex, type TableProps, Tooltip } from "antd";
import { CalendarDays } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { dayOf } from "@/lib/days";
import { localName } from "@/lib/names";
import { DataTable, type ListState } from "@/ui/DataTable";
import { DayRange } from "@/ui/DayRange";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { type DayFigures, dayFiguresQuery } from "../model/days";

interface Props {
  queue: number | undefined;
  from: string | undefined;
  to: string | undefined;
  onRange: (range: { from: string | undefined; to: string | undefined }) => void;
  onClose: () => void;
}

/** Each queue's figures of each day, with how well the promised waits were kept. */
export function DayFiguresDrawer({ queue, from, to, onRange, onClose }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const zone = useTimeZone();
  const [now_ms] = useState(Date.now);
  const [list, setList] = useState<ListState>({ page: 1, pageSize: 20, sort: "-day" });
  const range = { from: from ?? dayOf(now_ms, zone, -6), to: to ?? dayOf(now_ms, zone, 0) };
  const asked = { ...range, ...(queue && { queue }), ...(list.sort && { sort: list.sort }) };
  const found = useQuery(dayFiguresQuery({ ...asked, page: list.page, page_size: list.pageSize }));
  const pct = (value: number | null) => (value === null ? "-" : `${value.toFixed(0)}%`);
  const seconds = (value: number | null) =>
    value === null ? "-" : t("days.seconds", { value: value.toFixed(0) });
  const columns: NonNullable<TableProps<DayFigures>["columns"]> = [
    { key: "day", title: t("days.day"), dataIndex: "day", sorter: true },
    {
      key: "name",
      title: t("days.queue"),
      sorter: true,
      render: (_, row) => localName(row, i18n.language),
    },
    ...(["offered", "answered", "lost"] as const).map((name) => ({
      key: name,
      title: t(`days.${name}`),
      dataIndex: name,
      sorter: true,
      align: "right" as const,
    })),
    {
      key: "answer_rate_pct",
      title: t("days.answer_rate_pct"),
      align: "right",
      render: (_, row) => pct(row.answer_rate_pct),
    },
    {
      key: "service_level_pct",
      title: t("days.service_level_pct"),
      sorter: true,
      align: "right",
      render: (_, row) => pct(row.service_level_pct),
    },
    {
      key: "speed",
      title: t("days.speed"),
      align: "right",
      render: (_, row) => seconds(row.average_speed_of_answer_s),
    },
    {
      key: "handling",
      title: t("days.handling"),
      align: "right",
      render: (_, row) => seconds(row.average_handling_time_s),
    },
    { key: "estimates", title: t("days.estimates"), dataIndex: "estimates", sorter: true, align: "right" },
    ...(["kept_p50", "kept_p90"] as const).map((name) => ({
      key: `${name}_pct`,
      title: <Tooltip title={t(`days.${name}Hint`)}>{t(`days.${name}_pct`)}</Tooltip>,
      sorter: true,
      align: "right" as const,
      render: (_: unknown, row: DayFigures) => pct(row[`${name}_pct`]),
    })),
  ];
  return (
    <Drawer title={t("days.title")} open onClose={onClose} size={1180}>
      <Flex gap={12} style={{ marginBottom: 16 }} justify="space-between">
        <DayRange {...range} now_ms={now_ms} timeZone={zone} onChange={onRange} />
        <ExportButton path="/api/figures/days" query={asked} />
      </Flex>
      <DataTable<DayFigures>
        label={t("days.title")}
        columns={columns}
        rows={found.data?.items}
        total={found.data?.total}
        rowKey="key"
        list={list}
        onList={setList}
        isLoading={found.isPending}
        error={found.error}
        onRetry={() => void found.refetch()}
        empty={<EmptyState icon={CalendarDays} title={t("days.empty")} hint={t("days.emptyHint")} />}
      />
    </Drawer>
  );
}
