import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Table } from "antd";
import { Activity } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { useReasonText } from "./useReasonText";

type Interface = Schema<"InterfaceOut">;

const interfacesQuery = queryOptions({
  queryKey: ["settings", "interfaces"],
  queryFn: () => bodyOf(api.GET("/api/interfaces")),
  refetchInterval: 60_000,
});

const TONES: Record<Interface["condition"], Tone> = {
  works: "ready",
  unproven: "ring",
  failing: "break",
  stopped: "break",
  off: "off",
};

/** Where it is mended; what has no page is mended over the API. */
const SECTIONS: Partial<Record<Interface["kind"], string>> = {
  webhook: "webhooks",
  inbound: "inbound",
  connector: "connectors",
  file_plan: "file-exchange",
  screen_pop: "screen-pop",
  provider: "sign-in",
  trunk: "trunks",
  synthesis: "external-services",
  recognition: "external-services",
};

/** How it stands with everything that other systems give us and get from us, what has to be mended first. */
export function InterfacesPage() {
  const { t } = useTranslation("interfaces");
  const zone = useTimeZone();
  const found = useQuery(interfacesQuery);
  const instant = (at: string | null) => (at ? formatInstant(at, zone) : "—");
  return (
    <Page>
      <PageHeader title={t("title")} hint={t("hint")} />
      <Card>
        {found.isError && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
        <Table<Interface>
          aria-label={t("title")}
          rowKey={(row) => `${row.kind}-${row.id}`}
          loading={found.isPending}
          dataSource={found.data?.items ?? []}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <EmptyState icon={Activity} title={t("empty")} hint={t("emptyHint")} /> }}
          columns={[
            { key: "kind", title: t("kind"), render: (_, row) => t(`kinds.${row.kind}`) },
            { key: "name", title: t("name"), render: (_, row) => <MendLink row={row} /> },
            {
              key: "condition",
              title: t("condition"),
              render: (_, row) => (
                <StatusTag tone={TONES[row.condition]} hasDot>
                  {t(`conditions.${row.condition}`)}
                </StatusTag>
              ),
            },
            { key: "succeeded", title: t("succeeded"), render: (_, row) => instant(row.succeeded_at) },
            { key: "failed", title: t("failed"), render: (_, row) => instant(row.failed_at) },
            { key: "reason", title: t("reason"), render: (_, row) => <Reason row={row} /> },
          ]}
        />
      </Card>
    </Page>
  );
}

/** The page where it is mended, with the record open. */
function MendLink({ row }: { row: Interface }) {
  const { t } = useTranslation("interfaces");
  const name = row.name || t(`kinds.${row.kind}`);
  const section = SECTIONS[row.kind];
  if (!section) return name;
  return (
    <Link to={`/admin/${section}` as string} search={(row.id > 0 ? { open: String(row.id) } : {}) as never}>
      {name}
    </Link>
  );
}

/** What went wrong last and what to do; of what works again only as long as it is told where it is known. */
function Reason({ row }: { row: Interface }) {
  const reasonText = useReasonText();
  return row.reason ? reasonText(row.reason) : "—";
}
