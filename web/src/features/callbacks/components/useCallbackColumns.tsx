import { Link } from "@tanstack/react-router";
import { Button, type TableProps } from "antd";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatInstant } from "@/lib/time";
import { CutText } from "@/ui/CutText";
import { StatusTag } from "@/ui/StatusTag";
import type { Callback } from "../model/queries";
import { CallbackActions } from "./CallbackActions";

const STATE_TONE = {
  waiting: "acw",
  working: "talk",
  done: "ready",
  failed: "off",
  expired: "off",
  cancelled: "off",
} as const;

interface Given {
  onPlay: (recording: string) => void;
  mayManage: boolean;
}

/** The columns of the list of callbacks and messages. */
export function useCallbackColumns({
  onPlay,
  mayManage,
}: Given): NonNullable<TableProps<Callback>["columns"]> {
  const { t } = useTranslation("callbacks");
  const zone = useTimeZone();
  const actions = {
    key: "actions",
    title: t("column.actions"),
    width: 170,
    fixed: "end" as const, // within reach however wide the rest is
    render: (_: unknown, row: Callback) => row.state === "waiting" && <CallbackActions row={row} />,
  };
  return [
    {
      key: "asked_at",
      title: t("column.asked"),
      sorter: true,
      render: (_, row) => (
        <Link to="/interactions/$interaction" params={{ interaction: row.id }} className="numbers">
          {formatInstant(row.asked_at, zone)}
        </Link>
      ),
    },
    {
      key: "kind",
      title: t("column.kind"),
      render: (_, row) =>
        row.kind === "voicemail" ? (
          <Button size="small" icon={<Play size={14} />} onClick={() => onPlay(row.recording_id)}>
            {t("message", { duration: formatDuration(row.duration_s ?? 0) })}
          </Button>
        ) : (
          t(`askedBy.${row.asked_by}`, { defaultValue: t("kind.callback") })
        ),
    },
    {
      key: "state",
      title: t("column.state"),
      render: (_, row) => <StatusTag tone={STATE_TONE[row.state]}>{t(`state.${row.state}`)}</StatusTag>,
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
          <span className="numbers">{formatNumber(row.number ?? row.masked) || "–"}</span>
        ),
    },
    { key: "queue", title: t("column.queue"), render: (_, row) => row.queue_name || "–" },
    { key: "agent", title: t("column.agent"), render: (_, row) => row.agent_name || "–" },
    {
      key: "note",
      title: t("column.note"),
      render: (_, row) =>
        row.note ? (
          <CutText text={row.note} title={row.note_by && t("noteBy", { name: row.note_by })} />
        ) : (
          "–"
        ),
    },
    {
      key: "attempts",
      title: t("column.attempts"),
      sorter: true,
      align: "right",
      render: (_, row) =>
        row.kind === "callback" && row.attempts > 0 ? (
          <span className="numbers" title={t(`cause.${row.cause}`, { defaultValue: row.cause })}>
            {row.attempts}
          </span>
        ) : (
          "–"
        ),
    },
    {
      key: "due_at",
      title: t("column.due"),
      sorter: true,
      render: (_, row) =>
        row.due_at ? <span className="numbers">{formatInstant(row.due_at, zone)}</span> : "–",
    },
    {
      key: "expires_at",
      title: t("column.expires"),
      sorter: true,
      render: (_, row) =>
        row.expires_at && row.state === "waiting" ? (
          <span className="numbers">{formatInstant(row.expires_at, zone)}</span>
        ) : (
          "–"
        ),
    },
    ...(mayManage ? [actions] : []),
  ];
}
