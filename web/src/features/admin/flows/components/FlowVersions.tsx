import { useQuery } from "@tanstack/react-query";
import { App, Button, Drawer, Space, Table } from "antd";
import { History } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import { PageSkeleton } from "../../components/PageSkeleton";
import { type FlowNode, toGraph } from "../model/graph";
import { type FlowDetail, type FlowVersion, versionsQuery } from "../model/queries";
import type { EditedDraft } from "../model/useDraft";

const VersionComparison = lazy(async () => ({
  default: (await import("../canvas/VersionComparison")).VersionComparison,
}));

interface Props {
  flow: FlowDetail;
  draft: EditedDraft;
  isReadOnly: boolean;
  detailOf: (node: FlowNode) => string;
  /** A version is the draft now. */
  onRestored: () => void;
}

/** What was published, newest first: to compare with the draft, to take back as the draft, or to put in force again. */
export function FlowVersions({ flow, draft, isReadOnly, detailOf, onRestored }: Props) {
  const { t } = useTranslation("flows");
  const { modal } = App.useApp();
  const zone = useTimeZone();
  const versions = useQuery(versionsQuery(flow.id));
  const [compared, setCompared] = useState<number | null>(null);
  if (versions.isError) return <ErrorNotice error={versions.error} onRetry={() => void versions.refetch()} />;
  const restore = ({ version, graph: found }: FlowVersion) => {
    const graph = toGraph(found);
    if (!graph) return;
    draft.perform({ name: "restored", facts: { version }, run: () => graph });
    onRestored();
  };
  const askToRollBack = ({ version, graph }: FlowVersion) =>
    modal.confirm({
      title: t("versions.rollBackQuestion", { version }),
      content: t(draft.isDirty ? "versions.rollBackHintUnsaved" : "versions.rollBackHint", { version }),
      okText: t("versions.rollBack"),
      cancelText: t("cancel"),
      onOk: () => draft.rollBack(graph),
    });
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
          emptyText: versions.isSuccess && (
            <EmptyState icon={History} title={t("versions.none")} hint={t("versions.noneHint")} />
          ),
        }}
        columns={[
          {
            key: "version",
            title: t("versions.version"),
            render: (_, { version }) => (
              <>
                v{version}{" "}
                {version === flow.version && <StatusTag tone="ready">{t("versions.inForce")}</StatusTag>}
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
            render: (_, row) => (
              <Space size={0} wrap>
                <Action
                  words={t("versions.compare")}
                  name={t("versions.compareNamed", { version: row.version })}
                  act={() => setCompared(row.version)}
                />
                <Action
                  words={t("versions.restore")}
                  name={t("versions.restoreNamed", { version: row.version })}
                  isOff={isReadOnly}
                  act={() => restore(row)}
                />
                <Action
                  words={t("versions.rollBack")}
                  name={t("versions.rollBackNamed", { version: row.version })}
                  isOff={isReadOnly || row.version === flow.version}
                  act={() => askToRollBack(row)}
                />
              </Space>
            ),
          },
        ]}
      />
      <Drawer
        open={compared !== null}
        title={t("versions.comparison")}
        size="100%"
        destroyOnHidden
        onClose={() => setCompared(null)}
      >
        {compared !== null && (
          <Suspense fallback={<PageSkeleton />}>
            <VersionComparison
              versions={versions.data ?? []}
              draft={draft.graph}
              first={compared}
              detailOf={detailOf}
            />
          </Suspense>
        )}
      </Drawer>
    </>
  );
}

interface ActionProps {
  words: string;
  /** with the version, so that each row's is told apart */
  name: string;
  isOff?: boolean;
  act: () => void;
}

function Action({ words, name, isOff = false, act }: ActionProps) {
  return (
    <Button type="link" size="small" aria-label={name} disabled={isOff} onClick={act}>
      {words}
    </Button>
  );
}
