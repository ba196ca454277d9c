import { useQuery } from "@tanstack/react-query";
import { Button, Flex, Table, Typography } from "antd";
import { FlaskConical, Play, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import { RowActions } from "../../components/RowActions";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import type { FlowDetail } from "../model/queries";
import { contactScriptQuery, type FlowTest, removeTest, testsQuery } from "../model/tests";
import { FlowRules } from "./FlowRules";
import { RunTold } from "./RunTold";

const TestDrawer = lazy(async () => ({ default: (await import("./TestDrawer")).TestDrawer }));

/** The callers' scripts beside a flow: what comes of each against the saved draft. */
export function FlowTests({ flow, isReadOnly }: { flow: FlowDetail; isReadOnly: boolean }) {
  const { t, i18n } = useTranslation("flows");
  const tests = useQuery(testsQuery(flow.id, flow.draft_version));
  const [opened, setOpened] = useState<FlowTest | "new" | null>(null);
  const run = () => void tests.refetch();
  const { search, filter } = useSettingsSearch();
  const contact = useQuery({
    ...contactScriptQuery(search.from ?? "", i18n.language === "en" ? "en" : "zh"),
    enabled: search.from !== undefined,
  });
  if (tests.isError) return <ErrorNotice error={tests.error} onRetry={run} />;
  const rows = tests.data ?? [];
  const failed = rows.filter((test) => !test.run.is_passed).length;
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => setOpened("new")}>
      {t("tests.add")}
    </Button>
  );
  return (
    <Flex vertical gap={12}>
      <Flex gap={12} align="center" wrap>
        {rows.length > 0 && add}
        <Button
          icon={<Play size={16} />}
          disabled={rows.length === 0}
          loading={tests.isFetching}
          onClick={run}
        >
          {t("tests.run")}
        </Button>
        <span role="status">
          {rows.length > 0 && t("tests.sum", { count: rows.length, passed: rows.length - failed })}
        </span>
      </Flex>
      <FlowRules flow={flow} isReadOnly={isReadOnly} />
      <Table<FlowTest>
        aria-label={t("tests.title")}
        size="small"
        rowKey="id"
        loading={tests.isPending}
        dataSource={rows}
        pagination={false}
        locale={{
          emptyText: tests.isSuccess && (
            <EmptyState
              icon={FlaskConical}
              title={t("tests.empty")}
              hint={t("tests.emptyHint")}
              action={add}
            />
          ),
        }}
        columns={[
          {
            key: "name",
            title: t("tests.name"),
            render: (_, test) => <Typography.Text strong>{test.name}</Typography.Text>,
          },
          {
            key: "run",
            title: t("tests.outcome"),
            render: (_, { run: outcome }) =>
              outcome.is_passed ? (
                <StatusTag tone="ready">{t("tests.passed")}</StatusTag>
              ) : (
                <RunTold flow={flow.id} run={outcome} />
              ),
          },
          {
            key: "actions",
            title: <span className="visually-hidden">{t("actions")}</span>,
            align: "right",
            render: (_, test) => (
              <RowActions
                name={test.name}
                hint={t("tests.removeHint")}
                onEdit={() => setOpened(test)}
                onRemove={async () => {
                  await removeTest(flow.id, test.id);
                  await tests.refetch();
                }}
              />
            ),
          },
        ]}
      />
      {contact.isError && <ErrorNotice error={contact.error} />}
      <Suspense fallback={null}>
        {contact.data && (
          <TestDrawer
            flow={flow.id}
            test={null}
            script={contact.data.script}
            hint={t(contact.data.is_whole ? "tests.ofContact" : "tests.ofContactPart")}
            onSaved={run}
            onClose={() => filter({ tab: "tests", from: undefined })}
          />
        )}
        {opened !== null && (
          <TestDrawer
            flow={flow.id}
            test={opened === "new" ? null : opened}
            onSaved={run}
            onClose={() => setOpened(null)}
          />
        )}
      </Suspense>
    </Flex>
  );
}
