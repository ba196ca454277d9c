import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Drawer, type TableProps } from "antd";
import { MailOpen } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable, type ListState } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { StatusTag } from "@/ui/StatusTag";
import { type Inbound, type InboundCall, listInboundCalls } from "./api";

/** What came in at one address, and what became of it. */
export function InboundCallsDrawer({ inbound, onClose }: { inbound: Inbound; onClose: () => void }) {
  const { t } = useTranslation("integrations");
  const zone = useTimeZone();
  const [list, setList] = useState<ListState>({ page: 1, pageSize: 20, sort: undefined });
  const query = { page: list.page, page_size: list.pageSize, ...(list.sort && { sort: list.sort }) };
  const calls = useQuery({
    queryKey: ["settings", "inbound", inbound.id, "calls", query],
    queryFn: () => listInboundCalls(inbound.id, query),
  });
  const columns: NonNullable<TableProps<InboundCall>["columns"]> = [
    { key: "at", title: t("inbound.at"), sorter: true, render: (_, row) => formatInstant(row.at, zone) },
    { key: "address", title: t("inbound.from"), dataIndex: "address" },
    {
      key: "problem",
      title: t("inbound.outcome"),
      sorter: true,
      render: (_, row) => <CallOutcome call={row} />,
    },
    {
      key: "message_id",
      title: t("inbound.messageId"),
      render: (_, row) => <code style={{ overflowWrap: "anywhere" }}>{row.message_id ?? "—"}</code>,
    },
  ];
  return (
    <Drawer
      open
      size={760}
      title={t("inbound.callsOf", { name: inbound.name })}
      onClose={onClose}
      extra={<ExportButton path={`/api/inbound/${inbound.id}/calls`} query={query} />}
    >
      <DataTable
        label={t("inbound.callsOf", { name: inbound.name })}
        columns={columns}
        rows={calls.data?.items}
        total={calls.data?.total}
        rowKey="id"
        list={list}
        onList={setList}
        isLoading={calls.isPending}
        error={calls.error}
        onRetry={() => void calls.refetch()}
        empty={<EmptyState icon={MailOpen} title={t("inbound.noCalls")} hint={t("inbound.noCallsHint")} />}
      />
    </Drawer>
  );
}

function CallOutcome({ call }: { call: InboundCall }) {
  const { t } = useTranslation("integrations");
  const { customer, is_new: isNew } = call.outcome as { customer?: number; is_new?: boolean };
  if (call.problem !== "")
    return (
      <>
        <StatusTag tone="break" hasDot>
          {Object.keys(call.fields).length > 0 ? t("inbound.refused") : fieldProblemText(call.problem)}
        </StatusTag>
        {Object.entries(call.fields).map(([field, code]) => (
          <div key={field}>
            <code>{field}</code> {fieldProblemText(code)}
          </div>
        ))}
      </>
    );
  if (customer === undefined) return "—";
  return (
    <Link to="/customers/$customer" params={{ customer: String(customer) }}>
      {t(isNew ? "inbound.made" : "inbound.changed", { id: customer })}
    </Link>
  );
}
