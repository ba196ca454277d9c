import { useQuery } from "@tanstack/react-query";
import { Drawer, Flex, Table } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { ExportButton } from "@/ui/ExportButton";
import { formatPct, toWaysQuery, type WayTraffic, waysQuery } from "../model/queries";
import type { IvrSearch } from "../model/search";

interface Props {
  search: IvrSearch;
  flow: number;
  node: string;
  onClose: () => void;
}

/** By which exits callers left one step, and how else they left it. */
export function WaysDrawer({ search, flow, node, onClose }: Props) {
  const { t, i18n } = useTranslation("ivr");
  const query = toWaysQuery(search, flow, node);
  const { data, error, isPending, refetch } = useQuery(waysQuery(query));
  const isChinese = i18n.language.startsWith("zh");
  const wayOf = (row: WayTraffic) => {
    const named = isChinese ? row.way_name : row.way_name_en;
    if (named || !row.way) return named || "–";
    return row.end === "left" ? row.way : t(`way.${row.way as "flow"}`, { defaultValue: row.way });
  };
  return (
    <Drawer title={t("ways.of", { step: node })} open onClose={onClose} size={640}>
      <Flex justify="end" style={{ marginBottom: 12 }}>
        <ExportButton path="/api/flow-traffic/ways" query={query} />
      </Flex>
      {error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Table<WayTraffic>
          rowKey="key"
          size="middle"
          aria-label={t("ways.title")}
          loading={isPending}
          dataSource={data ?? []}
          pagination={false}
          locale={{ emptyText: t("ways.empty") }}
          columns={[
            { key: "end", title: t("ways.end"), render: (_, row) => t(`end.${row.end as "left"}`) },
            { key: "way", title: t("ways.way"), render: (_, row) => wayOf(row) },
            {
              key: "times",
              title: t("ways.times"),
              align: "right",
              sorter: (a, b) => a.times - b.times,
              render: (_, row) => <span className="numbers">{row.times}</span>,
            },
            {
              key: "share",
              title: t("ways.share"),
              align: "right",
              render: (_, row) => <span className="numbers">{formatPct(row.share_pct)}</span>,
            },
          ]}
        />
      )}
    </Drawer>
  );
}
