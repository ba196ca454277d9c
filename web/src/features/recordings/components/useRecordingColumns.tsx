import { Link } from "@tanstack/react-router";
import { Button, type TableProps } from "antd";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useReachesOthers, useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatInstant } from "@/lib/time";
import { DirectedNumber } from "@/ui/DirectedNumber";
import { StatusTag } from "@/ui/StatusTag";
import { HoldCell } from "../holds/HoldCell";
import type { Recording } from "../model/queries";

const STATE_TONE = {
  recording: "ready",
  processing: "acw",
  ready: "talk",
  failed: "ring",
  empty: "off",
  deleted: "off",
} as const;

/** The columns of the list of recordings; the first starts the player. */
export function useRecordingColumns(
  playing: string | undefined,
  onPlay: (recording: string) => void,
): NonNullable<TableProps<Recording>["columns"]> {
  const { t } = useTranslation(["recordings", "holds"]);
  const zone = useTimeZone();
  const seesHolds = useReachesOthers("recordings.read");
  const holdColumn = {
    key: "hold",
    title: t("holds:column"),
    render: (_: unknown, row: Recording) => <HoldCell row={row} />,
  };
  return [
    {
      key: "play",
      title: <span className="visually-hidden">{t("column.play")}</span>,
      width: 56,
      render: (_, row) =>
        row.state === "ready" && (
          <Button
            shape="circle"
            size="small"
            type={row.id === playing ? "primary" : "default"}
            icon={<Play size={14} />}
            aria-label={t("playOne", { time: formatInstant(row.started_at, zone) })}
            onClick={() => onPlay(row.id)}
          />
        ),
    },
    {
      key: "started_at",
      title: t("column.started"),
      sorter: true,
      render: (_, row) => (
        <Link to="/interactions/$interaction" params={{ interaction: row.interaction }} className="numbers">
          {formatInstant(row.started_at, zone)}
        </Link>
      ),
    },
    {
      key: "duration",
      title: t("column.duration"),
      align: "right",
      render: (_, row) =>
        row.state === "ready" || row.duration_s !== null ? (
          <span className="numbers">{formatDuration(row.duration_s ?? 0)}</span>
        ) : (
          <StatusTag tone={STATE_TONE[row.state]}>{t(`state.${row.state}`)}</StatusTag>
        ),
    },
    {
      key: "customer",
      title: t("column.customer"),
      render: (_, row) =>
        row.customer ? (
          <Link to="/customers/$customer" params={{ customer: String(row.customer.id) }}>
            {row.customer.name}
          </Link>
        ) : (
          "–"
        ),
    },
    {
      key: "number",
      title: t("column.number"),
      render: (_, row) => (
        <DirectedNumber
          direction={row.direction}
          label={t(`direction.${row.direction}`)}
          number={formatNumber(row.number ?? row.masked) || "–"}
        />
      ),
    },
    { key: "agent", title: t("column.agent"), render: (_, row) => row.agent_name || "–" },
    { key: "queue", title: t("column.queue"), render: (_, row) => row.queue_name || "–" },
    { key: "disposition", title: t("column.disposition"), render: (_, row) => row.disposition || "–" },
    ...(seesHolds ? [holdColumn] : []),
  ];
}
