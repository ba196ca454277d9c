import { useQuery } from "@tanstack/react-query";
import { Button, Drawer, Table } from "antd";
import { History } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import { type FlowNode, toGraph } from "../model/graph";
import { type FlowVersion, versionsQuery } from "../model/queries";
import { FlowOutline } from "./FlowOutline";

interface Props {
  flow: number;
  inForce: number;
  detailOf: (node: FlowNode) => string;
  onRestore: (version: FlowVersion) => void;
}

const NOTHING: ReadonlySet<string> = new Set();

/** What was published, newest first: to look at, and to take back as the draft. */
export function FlowVersions({ flow, inForce, detailOf, onRestore }: Props) {
  const { t } = useTranslation("flows");
  const zone = useTimeZone();
  const versions = useQuery(versionsQuery(flow));
  const [shown, setShown] = useState<FlowVersion | null>(null);
  const graph = shown && toGraph(shown.graph);
  if (versions.isError) return <ErrorNotice error={versions.error} onRetry={() => void versions.refetch()} />;
  return (
    <>
      <Table<FlowVersion>
        aria-label={t("versions.title")}
        size="middle"
        rowKey="version"
        loading={versions.isPending}
        dataSource={versions.data ?? []}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        locale={{
          emptyText: <EmptyState icon={History} title={t("versions.none")} hint={t("versions.noneHint")} />,
        }}
        columns={[
          {
            key: "version",
            title: t("versions.version"),
            render: (_, { version }) => (
              <>
                v{version}{" "}
                {version === inForce && <StatusTag tone="ready">{t("versions.inForce")}</StatusTag>}
              </>
            ),
          },
          {
            key: "at",
            title: t("versions.publishedAt"),
            render: (_, { published_at }) => (
              <time dateTime={published_at}>{formatInstant(published_at, zone)}</time>
            ),
          },
          { key: "by", title: t("versions.publishedBy"), dataIndex: "published_by" },
          {
            key: "actions",
            title: <span className="visually-hidden">{t("versions.actions")}</span>,
            align: "right",
            render: (_, version) => (
              <>
                <Button
                  type="link"
                  size="small"
                  aria-label={t("versions.showNamed", { version: version.version })}
                  onClick={() => setShown(version)}
                >
                  {t("versions.show")}
                </Button>
                <Button
                  type="link"
                  size="small"
                  aria-label={t("versions.restoreNamed", { version: version.version })}
                  onClick={() => onRestore(version)}
                >
                  {t("versions.restore")}
                </Button>
              </>
            ),
          },
        ]}
      />
      <Drawer
        open={graph !== null}
        title={t("versions.shown", { version: shown?.version ?? 0 })}
        size={720}
        onClose={() => setShown(null)}
      >
        {graph && <FlowOutline graph={graph} detailOf={detailOf} troubled={NOTHING} />}
      </Drawer>
    </>
  );
}
