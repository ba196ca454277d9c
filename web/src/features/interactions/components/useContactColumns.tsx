import { Link } from "@tanstack/react-router";
import type { TableProps } from "antd";
import { AudioLines } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatInstant } from "@/lib/time";
import { DirectedNumber } from "@/ui/DirectedNumber";
import { StatusTag } from "@/ui/StatusTag";
import { betweenWhom } from "../model/internal";
import { outcomeTone } from "../model/outcomes";
import type { Contact } from "../model/queries";
import { MissedActions } from "./MissedActions";

type Columns = NonNullable<TableProps<Contact>["columns"]>;

/** The columns of the list of contacts; of missed calls with how often each caller tried, and what to do. */
export function useContactColumns(isMissed: boolean, counts: ReadonlyMap<string, number>): Columns {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  const length = (seconds: number) => (
    <span className="numbers">{seconds > 0 ? formatDuration(seconds) : "–"}</span>
  );
  const shared: Columns = [
    {
      key: "started_at",
      title: t("column.started"),
      sorter: true,
      render: (_, row) => (
        <Link to="/interactions/$interaction" params={{ interaction: row.id }} className="numbers">
          {formatInstant(row.started_at, zone)}
        </Link>
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
          number={
            row.direction === "internal"
              ? betweenWhom(row)
              : formatNumber(row.number ?? row.masked) || t("withheld")
          }
        />
      ),
    },
    { key: "queue", title: t("column.queue"), render: (_, row) => row.queue_name || "–" },
  ];
  const waited: Columns[number] = {
    key: "wait_s",
    title: t("column.waited"),
    align: "right",
    sorter: true,
    render: (_, row) => length(row.wait_s),
  };
  if (isMissed)
    return [
      ...shared,
      waited,
      {
        key: "times",
        title: t("column.times"),
        align: "right",
        render: (_, row) => {
          const count = counts.get(row.id) ?? 1;
          return count > 1 ? <StatusTag tone="acw">{t("missed.times", { count })}</StatusTag> : count;
        },
      },
      {
        key: "actions",
        title: <span className="visually-hidden">{t("column.actions")}</span>,
        render: (_, row) => <MissedActions contact={row} />,
      },
    ];
  return [
    ...shared,
    { key: "agent", title: t("column.agent"), render: (_, row) => row.agent_name || "–" },
    waited,
    {
      key: "talk_s",
      title: t("column.talked"),
      align: "right",
      sorter: true,
      render: (_, row) => length(row.talk_s),
    },
    {
      key: "outcome",
      title: t("column.outcome"),
      render: (_, row) => (
        <StatusTag tone={outcomeTone[row.outcome]}>{t(`outcome.${row.outcome || "live"}`)}</StatusTag>
      ),
    },
    { key: "disposition", title: t("column.disposition"), render: (_, row) => row.disposition || "–" },
    {
      key: "recorded",
      title: <span className="visually-hidden">{t("column.recorded")}</span>,
      render: (_, row) =>
        row.recordings.length > 0 && <AudioLines size={15} aria-label={t("column.recorded")} />,
    },
  ];
}
