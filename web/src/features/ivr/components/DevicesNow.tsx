import { useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { Server } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { type Device, devicesQuery } from "../model/queries";
import { busyOn, type LineNow } from "../model/status";

const TONES: Record<Device["state"], Tone> = {
  works: "ready",
  unproven: "off",
  draining: "acw",
  failing: "ring",
  away: "ring",
  off: "off",
  unseen: "ring",
};

/** IVR设备: the telephone nodes that carry the calls and the trunks by which they come, and how it stands with them. */
export function DevicesNow({ lines }: { lines: readonly LineNow[] }) {
  const { t } = useTranslation(["ivr", "interfaces"]);
  const zone = useTimeZone();
  const { data, error, isPending, refetch } = useQuery(devicesQuery);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <Table<Device>
      rowKey={(row) => `${row.kind} ${row.id ?? row.name}`}
      size="small"
      aria-label={t("status.devices")}
      loading={isPending}
      dataSource={data?.items ?? []}
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      locale={{
        emptyText: <EmptyState icon={Server} title={t("device.empty")} hint={t("device.emptyHint")} />,
      }}
      columns={[
        {
          key: "name",
          title: t("device.name"),
          sorter: (a, b) => a.name.localeCompare(b.name),
          render: (_, row) => row.name || t("device.onlyNode"),
        },
        { key: "kind", title: t("device.kind"), render: (_, row) => t(`device.kinds.${row.kind}`) },
        {
          key: "state",
          title: t("device.state"),
          render: (_, row) => (
            <StatusTag tone={TONES[row.state]} hasDot>
              {t(`device.states.${row.state}`)}
            </StatusTag>
          ),
        },
        {
          key: "busy",
          title: t("status.busy"),
          align: "right",
          sorter: (a, b) => busyOn(a.id, lines) - busyOn(b.id, lines),
          render: (_, row) => (
            <span className="numbers">{row.kind === "trunk" ? busyOn(row.id, lines) : "–"}</span>
          ),
        },
        {
          key: "seen",
          title: t("device.seen"),
          render: (_, row) => (row.seen_at ? formatInstant(row.seen_at, zone) : "–"),
        },
        {
          key: "unseen",
          title: t("device.unseenContacts"),
          align: "right",
          sorter: (a, b) => a.contacts - b.contacts,
          render: (_, row) => <span className="numbers">{row.unseen_since ? row.contacts : "–"}</span>,
        },
        {
          key: "reason",
          title: t("device.reason"),
          render: (_, row) =>
            row.reason
              ? t(`interfaces:reasons.${row.reason as "trunk_refused"}`, { defaultValue: row.reason })
              : t(`device.hints.${row.state}`, {
                  since: row.unseen_since && formatInstant(row.unseen_since, zone),
                  lost: row.lost_at && formatInstant(row.lost_at, zone),
                }),
        },
      ]}
    />
  );
}
