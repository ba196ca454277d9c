import { useQuery } from "@tanstack/react-query";
import { Link, useBlocker, useParams } from "@tanstack/react-router";
import { App, Button, Space, Tabs } from "antd";
import { Redo2, Undo2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageSkeleton } from "../../components/PageSkeleton";
import { DraftEditor } from "../components/DraftEditor";
import { FlowHead } from "../components/FlowHead";
import { FlowOutline } from "../components/FlowOutline";
import { FlowProblems } from "../components/FlowProblems";
import { FlowVersions } from "../components/FlowVersions";
import { toGraph } from "../model/graph";
import { type FlowDetail, flowQuery } from "../model/queries";
import { useDraft } from "../model/useDraft";
import { useFlowNames } from "../model/useFlowNames";

const StepDrawer = lazy(async () => ({ default: (await import("../components/StepDrawer")).StepDrawer }));

/** One flow: how it goes, what is wrong with it, its JSON, its versions. */
export function FlowPage() {
  const { t } = useTranslation("flows");
  const { flow: id } = useParams({ strict: false }) as { flow?: string };
  const flow = useQuery(flowQuery(Number(id)));
  if (flow.isError)
    return (
      <Page>
        <ErrorNotice error={flow.error} onRetry={() => void flow.refetch()} />
        <Link to={"/admin/flows" as string}>{t("back")}</Link>
      </Page>
    );
  if (!flow.data) return <PageSkeleton />;
  return <LoadedFlow key={flow.data.id} flow={flow.data} />;
}

function LoadedFlow({ flow }: { flow: FlowDetail }) {
  const { t } = useTranslation("flows");
  const { modal } = App.useApp();
  const draft = useDraft(flow);
  const detailOf = useFlowNames();
  const [tab, setTab] = useState("outline");
  const [wanted, setWanted] = useState<{ id: string; times: number } | null>(null);
  useBlocker({
    shouldBlockFn: () =>
      draft.isDirty &&
      new Promise<boolean>((resolve) => {
        modal.confirm({
          title: t("leave.title"),
          content: t("leave.hint"),
          okText: t("leave.ok"),
          cancelText: t("leave.stay"),
          onOk: () => resolve(false),
          onCancel: () => resolve(true),
        });
      }),
    enableBeforeUnload: () => draft.isDirty,
  });
  const graph = draft.draft.kind === "graph" ? draft.draft.graph : toGraph(flow.draft);
  const [opened, setOpened] = useState<string | null>(null);
  const step = graph?.nodes.find(({ id }) => id === opened);
  const goTo = (id: string) => {
    setTab("json");
    setWanted({ id, times: (wanted?.times ?? 0) + 1 });
  };
  const troubled = new Set(flow.problems.flatMap(({ node }) => node ?? []));
  return (
    <Page>
      <FlowHead flow={flow} draft={draft} />
      <FlowProblems
        problems={flow.problems}
        warnings={flow.warnings}
        graph={graph}
        onNode={(id) => (tab === "json" ? goTo(id) : setOpened(id))}
      />
      <Card>
        <Tabs
          activeKey={tab}
          onChange={setTab}
          items={[
            {
              key: "outline",
              label: t("tabs.outline"),
              children: graph ? (
                <>
                  <OutlineTools draft={draft} />
                  <FlowOutline graph={graph} detailOf={detailOf} troubled={troubled} onNode={setOpened} />
                </>
              ) : (
                <p>{t("outline.unreadable")}</p>
              ),
            },
            {
              key: "json",
              label: draft.isDirty ? t("tabs.jsonUnsaved") : t("tabs.json"),
              children: (
                <DraftEditor
                  text={draft.text}
                  draft={draft.draft}
                  onText={draft.edit}
                  wanted={wanted}
                  isSaving={draft.isSaving}
                  isDirty={draft.isDirty}
                  onSave={draft.save}
                  onRevert={draft.revert}
                />
              ),
            },
            {
              key: "versions",
              label: t("tabs.versions"),
              children: (
                <FlowVersions
                  flow={flow.id}
                  inForce={flow.version}
                  detailOf={detailOf}
                  onRestore={(version) => {
                    draft.replace(version.graph);
                    setTab("outline");
                  }}
                />
              ),
            },
          ]}
        />
      </Card>
      <Suspense fallback={null}>
        {graph && step && (
          <StepDrawer
            key={step.id}
            graph={graph}
            node={step}
            nameOf={detailOf}
            onChange={draft.apply}
            onClose={() => setOpened(null)}
          />
        )}
      </Suspense>
    </Page>
  );
}

/** What can be done with the edits made on the outline. */
function OutlineTools({ draft }: { draft: ReturnType<typeof useDraft> }) {
  const { t } = useTranslation("flows");
  return (
    <Space style={{ marginBottom: 12 }} wrap>
      <Button icon={<Undo2 size={16} />} disabled={!draft.undo} onClick={draft.undo}>
        {t("step.undo")}
      </Button>
      <Button icon={<Redo2 size={16} />} disabled={!draft.redo} onClick={draft.redo}>
        {t("step.redo")}
      </Button>
      <Button disabled={!draft.isDirty} onClick={draft.revert}>
        {t("editor.revert")}
      </Button>
      <Button
        type="primary"
        disabled={!draft.isDirty || draft.draft.kind !== "graph"}
        loading={draft.isSaving}
        onClick={draft.save}
      >
        {t("editor.save")}
      </Button>
      <span role="status">{draft.isDirty ? t("editor.unsaved") : ""}</span>
    </Space>
  );
}
