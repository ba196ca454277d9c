import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { useSettingsChanged } from "../../model/queries";
import { type Draft, isSameGraph, readDraft, toText } from "./draft";
import { type FlowGraph, toGraph } from "./graph";
import { begin, type Command, type Deed, type History, perform, redo, undo } from "./history";
import { spread } from "./placing";
import { type FlowDetail, flowQuery, publishFlow, saveDraft } from "./queries";

/** The draft while it is edited: as a graph with what was done to it, and as text where somebody types it. */
interface Edited {
  history: History;
  /** what was typed, and what it says; null: the text is the graph's */
  typed: { text: string; draft: Draft } | null;
}

/** A document that is no graph can only be typed; an empty one stands for it until then. */
const EMPTY: FlowGraph = { format: 1, start: "", nodes: [], edges: [] };

function graphOf(flow: FlowDetail): FlowGraph | null {
  const graph = toGraph(flow.draft);
  return graph && spread(graph);
}

function fresh(flow: FlowDetail): Edited {
  const graph = graphOf(flow);
  const text = toText(flow.draft);
  return { history: begin(graph ?? EMPTY), typed: graph ? null : { text, draft: readDraft(text) } };
}

/** Editing, saving and publishing the draft. */
export function useDraft(flow: FlowDetail) {
  const { t } = useTranslation("flows");
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const changed = useSettingsChanged();
  const [edited, setEdited] = useState(() => fresh(flow));
  const { history, typed } = edited;
  const graph = history.present;
  const draft: Draft = typed?.draft ?? { kind: "graph", graph };
  const isDirty = useMemo(
    () => (typed?.draft.kind ?? "graph") !== "graph" || !isSameGraph(graphOf(flow) ?? EMPTY, graph),
    [typed, flow, graph],
  );

  /** What is saved by now; what was changed here is given up. */
  const load = async () => {
    const newest = await queryClient.fetchQuery({ ...flowQuery(flow.id), staleTime: 0 });
    setEdited(fresh(newest));
  };
  const refuse = (error: unknown) => {
    if (!(error instanceof ApiProblem) || error.code !== "outdated")
      return void message.error(problemText(error));
    modal.confirm({
      title: t("outdated.title"),
      content: t("outdated.hint"),
      okText: t("outdated.load"),
      cancelText: t("outdated.keep"),
      onOk: load,
    });
  };
  const keep = (saved: FlowDetail) => queryClient.setQueryData(flowQuery(flow.id).queryKey, saved);
  const saving = useMutation({
    mutationFn: ({ graph: wanted, name }: { graph: object; name?: string }) => saveDraft(flow, wanted, name),
    onSuccess: (saved) => {
      keep(saved);
      message.success(t("draftSaved"));
      return queryClient.invalidateQueries({ queryKey: ["settings", "flows", "list"] });
    },
    onError: refuse,
  });
  const publishing = useMutation({
    mutationFn: () => publishFlow(flow.id),
    onSuccess: (saved) => {
      keep(saved);
      message.success(t("published", { version: saved.version }));
      return changed();
    },
    onError: refuse,
  });
  /** An older version in force again, at once: it becomes the draft, and is published as a version of its own. */
  const rollingBack = useMutation({
    mutationFn: async (wanted: object) => {
      const saved = await saveDraft(flow, wanted);
      keep(saved);
      setEdited(fresh(saved));
      return publishFlow(flow.id);
    },
    onSuccess: (saved) => {
      keep(saved);
      message.success(t("published", { version: saved.version }));
      return changed();
    },
    onError: refuse,
  });
  return {
    graph,
    draft,
    text: typed?.text ?? toText(graph),
    isDirty,
    load,
    /** Type the draft as text. What can be read is the graph at once. */
    edit: (text: string) => {
      const read = readDraft(text);
      setEdited((before) => ({
        typed: { text, draft: read },
        history:
          read.kind === "graph"
            ? perform(before.history, { name: "typed", merge: "typed", run: () => read.graph })
            : before.history,
      }));
    },
    perform: useCallback(
      (command: Command) =>
        setEdited((before) => ({ typed: null, history: perform(before.history, command) })),
      [],
    ),
    /** Take the last deed back, and tell what it was; missing where there is none. */
    undo: back(history.past.at(-1)?.deed, undo),
    redo: back(history.future.at(-1)?.deed, redo),
    revert: () => setEdited(fresh(flow)),
    save: () => draft.kind === "graph" && saving.mutate({ graph }),
    rename: (name: string) => saving.mutateAsync({ graph: flow.draft, name }),
    isSaving: saving.isPending,
    publish: () => publishing.mutate(),
    isPublishing: publishing.isPending || rollingBack.isPending,
    rollBack: (wanted: object) => rollingBack.mutate(wanted),
  };

  function back(deed: Deed | undefined, step: (history: History) => History): (() => Deed) | undefined {
    if (!deed) return undefined;
    return () => {
      setEdited((before) => ({ typed: null, history: step(before.history) }));
      return deed;
    };
  }
}

export type EditedDraft = ReturnType<typeof useDraft>;
