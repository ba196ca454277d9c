import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useBlocker, useParams } from "@tanstack/react-router";
import { App, Button, Space, Tabs } from "antd";
import { Redo2, Undo2 } from "lucide-react";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageSkeleton } from "../../components/PageSkeleton";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { marksOfProblem } from "../canvas/marks";
import { DraftEditor } from "../components/DraftEditor";
import { EditedByAnother } from "../components/EditedByAnother";
import { FlowHead } from "../components/FlowHead";
import { FlowOutline } from "../components/FlowOutline";
import { FlowProblems } from "../components/FlowProblems";
import { FlowVersions } from "../components/FlowVersions";
import { FlowCounters } from "../flow-counters/FlowCounters";
import { problemWords } from "../model/problem-words";
import { type FlowDetail, type FlowProblem, flowQuery } from "../model/queries";
import { type EditedDraft, useDraft } from "../model/useDraft";
import { useEditing } from "../model/useEditing";
import { useFlowNames } from "../model/useFlowNames";
import { useKinds } from "../model/useKinds";
import { TrialButton } from "../trial-call/TrialButton";
import { usePlaces } from "../trial-call/usePlaces";
import { useTrial } from "../trial-call/useTrial";
import styles from "./FlowPage.module.css";

const StepDrawer = lazy(async () => ({ default: (await import("../components/StepDrawer")).StepDrawer }));
const FlowTests = lazy(async () => ({ default: (await import("../components/FlowTests")).FlowTests }));
const TrialPanel = lazy(async () => ({ default: (await import("../trial-call/TrialPanel")).TrialPanel }));
const FlowCanvas = lazy(async () => ({ default: (await import("../canvas/FlowCanvas")).FlowCanvas }));

/** One flow: drawn, as an outline, as JSON; what is wrong with it; its versions. */
export function FlowPage() {
  const { t } = useTranslation("flows");
  const { flow: id } = useParams({ strict: false }) as { flow?: string };
  const flow = useQuery(flowQuery(Number(id)));
  const { isPending } = useKinds();
  if (flow.isError)
    return (
      <Page>
        <ErrorNotice error={flow.error} onRetry={() => void flow.refetch()} />
        <Link to={"/admin/flows" as string}>{t("back")}</Link>
      </Page>
    );
  if (!flow.data || isPending) return <PageSkeleton />;
  return <LoadedFlow key={flow.data.id} flow={flow.data} />;
}

function LoadedFlow({ flow }: { flow: FlowDetail }) {
  const { t, i18n } = useTranslation("flows");
  const draft = useDraft(flow);
  const detailOf = useFlowNames();
  const known = useKinds();
  const { search, filter } = useSettingsSearch();
  const tab = search.tab ?? "canvas";
  const setTab = (key: string) => filter({ tab: key });
  const [wanted, setWanted] = useState<{ id: string; times: number } | null>(null);
  const [lit, setLit] = useState<FlowProblem | null>(null);
  const marks = useMemo(() => marksOfProblem(lit), [lit]);
  const [opened, setOpened] = useState<string | null>(null);
  const editing = useEditing(flow.id, () => void draft.load());
  const { isReadOnly } = editing;
  const queryClient = useQueryClient();
  const keptTest = () => void queryClient.invalidateQueries({ queryKey: flowQuery(flow.id).queryKey });
  useLeaving(draft.isDirty);
  const graph = draft.draft.kind === "graph" ? draft.graph : null;
  const trial = useTrial(flow.id, graph);
  const placeOf = usePlaces(trial.isOpen ? graph : null);
  const troubles = useMemo(() => {
    const words = new Map<string, string>();
    const { wordsOf } = problemWords(graph, { known, t, i18n });
    for (const problem of flow.problems)
      if (problem.node !== null) {
        const told = wordsOf(problem);
        words.set(problem.node, [words.get(problem.node), told].filter(Boolean).join(" "));
      }
    return words;
  }, [flow.problems, graph, known, t, i18n]);
  const goTo = (problem: FlowProblem) => {
    const id = problem.node ?? "";
    setLit(problem);
    setWanted({ id, times: (wanted?.times ?? 0) + 1 });
    if (tab === "outline" && !isReadOnly) setOpened(id);
    if (tab === "versions") setTab("canvas");
  };
  const unreadable = <p>{t("outline.unreadable")}</p>;
  return (
    <Page>
      <FlowHead flow={flow} draft={draft} isReadOnly={isReadOnly} />
      <EditedByAnother editing={editing} isDirty={draft.isDirty} />
      {!trial.isOpen && (tab !== "canvas" || flow.problems.length + flow.warnings.length > 0) && (
        <FlowProblems
          problems={flow.problems}
          warnings={flow.warnings}
          graph={graph}
          isShort={tab === "canvas"}
          onProblem={goTo}
        />
      )}
      <Card>
        <div className={styles.card}>
          {tab !== "json" && (
            <SaveTools draft={draft} isReadOnly={isReadOnly}>
              <TrialButton trial={trial} isPossible={graph !== null} onOpen={() => setTab("canvas")} />
            </SaveTools>
          )}
          <Tabs
            activeKey={tab}
            onChange={setTab}
            destroyOnHidden
            items={[
              {
                key: "canvas",
                label: t("tabs.canvas"),
                children: graph ? (
                  <Suspense fallback={<PageSkeleton />}>
                    <FlowCounters flow={flow.id}>
                      <FlowCanvas
                        graph={graph}
                        known={known}
                        detailOf={detailOf}
                        troubles={troubles}
                        marks={trial.isOpen ? trial.marks : marks}
                        follow={trial.here}
                        beside={
                          trial.isOpen && (
                            // by itself: the canvas stays while the panel is loaded
                            <Suspense>
                              <TrialPanel flow={flow.id} call={trial} placeOf={placeOf} onKept={keptTest} />
                            </Suspense>
                          )
                        }
                        isReadOnly={isReadOnly}
                        perform={draft.perform}
                        undo={draft.undo}
                        redo={draft.redo}
                        save={draft.isDirty ? draft.save : undefined}
                        wanted={wanted}
                      />
                    </FlowCounters>
                  </Suspense>
                ) : (
                  unreadable
                ),
              },
              {
                key: "outline",
                label: t("tabs.outline"),
                children: graph ? (
                  <>
                    {!isReadOnly && <UndoTools draft={draft} />}
                    <FlowOutline
                      graph={graph}
                      detailOf={detailOf}
                      troubled={new Set(troubles.keys())}
                      {...(!isReadOnly && { onNode: setOpened })}
                    />
                  </>
                ) : (
                  unreadable
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
                    isReadOnly={isReadOnly}
                    onSave={draft.save}
                    onRevert={draft.revert}
                  />
                ),
              },
              {
                key: "tests",
                label: t("tabs.tests"),
                children: (
                  <Suspense fallback={null}>
                    <FlowTests flow={flow} isReadOnly={isReadOnly} />
                  </Suspense>
                ),
              },
              {
                key: "versions",
                label: t("tabs.versions"),
                children: (
                  <FlowVersions
                    flow={flow}
                    draft={draft}
                    isReadOnly={isReadOnly}
                    detailOf={detailOf}
                    onRestored={() => setTab("canvas")}
                  />
                ),
              },
            ]}
          />
        </div>
      </Card>
      <Suspense fallback={null}>
        {graph && opened !== null && (
          <OpenedStep id={opened} draft={draft} nameOf={detailOf} onClose={() => setOpened(null)} />
        )}
      </Suspense>
    </Page>
  );
}

interface OpenedProps {
  id: string;
  draft: EditedDraft;
  nameOf: ReturnType<typeof useFlowNames>;
  onClose: () => void;
}

function OpenedStep({ id, draft, nameOf, onClose }: OpenedProps) {
  const { nameOf: nameOfKind } = useKinds();
  const node = draft.graph.nodes.find((each) => each.id === id);
  if (!node) return null;
  return (
    <StepDrawer
      key={id}
      graph={draft.graph}
      node={node}
      nameOf={nameOf}
      onChange={(changed) =>
        draft.perform({ name: "changed", facts: { kind: nameOfKind(node.kind) }, run: () => changed })
      }
      onClose={onClose}
    />
  );
}

/** Who leaves with changes that are not saved is asked. */
function useLeaving(isDirty: boolean): void {
  const { t } = useTranslation("flows");
  const { modal } = App.useApp();
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty &&
      current.pathname !== next.pathname &&
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
    enableBeforeUnload: () => isDirty,
  });
}

function UndoTools({ draft }: { draft: EditedDraft }) {
  const { t } = useTranslation("flows");
  return (
    <Space style={{ marginBottom: 12 }} wrap>
      <Button icon={<Undo2 size={16} />} disabled={!draft.undo} onClick={draft.undo}>
        {t("step.undo")}
      </Button>
      <Button icon={<Redo2 size={16} />} disabled={!draft.redo} onClick={draft.redo}>
        {t("step.redo")}
      </Button>
    </Space>
  );
}

interface SaveProps {
  draft: EditedDraft;
  isReadOnly: boolean;
  children: ReactNode;
}

function SaveTools({ draft, isReadOnly, children }: SaveProps) {
  const { t } = useTranslation("flows");
  return (
    <Space wrap className={styles.save ?? ""}>
      <span role="status">{draft.isDirty ? t("editor.unsaved") : ""}</span>
      {children}
      <Button disabled={!draft.isDirty} onClick={draft.revert}>
        {t("editor.revert")}
      </Button>
      <Button
        type="primary"
        disabled={isReadOnly || !draft.isDirty || draft.draft.kind !== "graph"}
        loading={draft.isSaving}
        onClick={draft.save}
      >
        {t("editor.save")}
      </Button>
    </Space>
  );
}
