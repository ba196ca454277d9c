import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { useSettingsChanged } from "../../model/queries";
import { readDraft, toText } from "./draft";
import { type FlowDetail, flowQuery, publishFlow, saveDraft } from "./queries";

/** The draft while it is edited: its text, whether it can be read and saved, and saving and publishing it. */
export function useDraft(flow: FlowDetail) {
  const { t } = useTranslation("flows");
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const changed = useSettingsChanged();
  const [typed, setTyped] = useState<string | null>(null);
  // what the draft said before each edit on the outline, and what was undone of it
  const [past, setPast] = useState<readonly (string | null)[]>([]);
  const [future, setFuture] = useState<readonly (string | null)[]>([]);
  const saved = toText(flow.draft);
  const text = typed ?? saved;
  const draft = readDraft(text);

  const keep = (fresh: FlowDetail) => {
    queryClient.setQueryData(flowQuery(flow.id).queryKey, fresh);
    setTyped(null);
    setPast([]);
    setFuture([]);
  };
  const refuse = (error: unknown) => {
    if (!(error instanceof ApiProblem) || error.code !== "outdated")
      return void message.error(problemText(error));
    modal.confirm({
      title: t("outdated.title"),
      content: t("outdated.hint"),
      okText: t("outdated.load"),
      cancelText: t("outdated.keep"),
      onOk: async () => {
        setTyped(null);
        await queryClient.invalidateQueries({ queryKey: flowQuery(flow.id).queryKey });
      },
    });
  };
  const saving = useMutation({
    mutationFn: ({ graph, name }: { graph: object; name?: string }) => saveDraft(flow, graph, name),
    onSuccess: (fresh) => {
      keep(fresh);
      message.success(t("draftSaved"));
      return queryClient.invalidateQueries({ queryKey: ["settings", "flows", "list"] });
    },
    onError: refuse,
  });
  const publishing = useMutation({
    mutationFn: () => publishFlow(flow.id),
    onSuccess: (fresh) => {
      keep(fresh);
      message.success(t("published", { version: fresh.version }));
      return changed();
    },
    onError: refuse,
  });
  return {
    text,
    draft,
    isDirty: typed !== null && typed !== saved,
    edit: setTyped,
    /** Edit the graph as a whole, so that it can be undone. */
    apply: (graph: object) => {
      setPast([...past, typed]);
      setFuture([]);
      setTyped(toText(graph));
    },
    undo: past.length
      ? () => {
          setPast(past.slice(0, -1));
          setFuture([...future, typed]);
          setTyped(past.at(-1) ?? null);
        }
      : undefined,
    redo: future.length
      ? () => {
          setFuture(future.slice(0, -1));
          setPast([...past, typed]);
          setTyped(future.at(-1) ?? null);
        }
      : undefined,
    revert: () => {
      setTyped(null);
      setPast([]);
      setFuture([]);
    },
    save: () => draft.kind === "graph" && saving.mutate({ graph: draft.graph }),
    /** Make another graph the draft, as when an old version is taken back. */
    replace: (graph: object) => saving.mutate({ graph }),
    rename: (name: string) => saving.mutateAsync({ graph: flow.draft, name }),
    isSaving: saving.isPending,
    publish: () => publishing.mutate(),
    isPublishing: publishing.isPending,
  };
}
