import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { type WrapUp, wrapUpQuery } from "@/api/interactions";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { dispositionsQuery } from "@/api/settings";
import { useCommand } from "@/features/softphone";
import { useShortcutActions } from "@/lib/useHotkeys";
import { useLive } from "@/live/store";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { toChoices } from "../model/dispositions";
import { useWrapUp } from "../model/useWrapUp";
import { WrapUpActions } from "./WrapUpActions";
import { WrapUpForm } from "./WrapUpForm";
import styles from "./WrapUpPanel.module.css";

/** 通话小结: open from the first second of the call, saved as it is typed, finished after it. */
export function WrapUpPanel({ interaction }: { interaction: string }) {
  const { data, error, refetch } = useQuery(wrapUpQuery(interaction));
  if (error instanceof ApiProblem && error.code === "not_your_contact") return null; // somebody else's, read by a lead
  if (error)
    return (
      <div className={styles.panel}>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data)
    return (
      <div className={styles.panel}>
        <Skeleton active title={false} paragraph={{ rows: 3 }} />
      </div>
    );
  return <LoadedPanel interaction={interaction} initial={data} />;
}

function LoadedPanel({ interaction, initial }: { interaction: string; initial: WrapUp }) {
  const { t, i18n } = useTranslation("desk");
  const { message } = App.useApp();
  const { ask, isBusy } = useCommand();
  const queryClient = useQueryClient();
  const { state, draft } = useWrapUp(interaction, initial);
  const choices = toChoices(useQuery(dispositionsQuery).data ?? [], i18n.language);
  const [isCompleting, setCompleting] = useState(false);
  const [hasTried, setTried] = useState(false);
  const row = useLive((live) => live.mine.find((each) => each.id === interaction));
  const isWrappingUp = useLive((live) => live.me?.state === "wrap_up" && live.me.interaction === interaction);
  const work = useLive((live) => live.me?.wrap_up ?? null);
  const isOver = row === undefined || row.phase === "ended" || isWrappingUp;
  const isComplete = initial.completed_at !== null && state.status === "saved";
  const isMissing = choices.length > 0 && state.fields.disposition_id === null;

  const complete = async (then_ready: boolean | null) => {
    setTried(true);
    if (isMissing || !draft) return;
    setCompleting(true);
    try {
      await draft.flush();
      const completed = await bodyOf(
        api.POST("/api/interactions/{interaction_id}/wrap-up/complete", {
          params: { path: { interaction_id: interaction } },
          body: draft.record as WrapUp,
        }),
      );
      queryClient.setQueryData(wrapUpQuery(interaction).queryKey, completed);
      if (then_ready !== null) await ask({ do: "CompleteWrapUp", interaction, then_ready });
      await queryClient.invalidateQueries({ queryKey: ["interactions"] });
    } catch (error) {
      message.error(problemText(error));
    } finally {
      setCompleting(false);
    }
  };
  useShortcutActions({ complete: () => isOver && void complete(isWrappingUp ? true : null) });

  return (
    <section className={styles.panel} aria-label={t("wrapUp.title")}>
      <WrapUpForm
        fields={state.fields}
        choices={choices}
        isMissingDisposition={hasTried && isMissing}
        status={state.status}
        onChange={(change) => draft?.change(change)}
      />
      {isOver && (
        <WrapUpActions
          isWrappingUp={isWrappingUp}
          isComplete={isComplete}
          isBusy={isBusy}
          isCompleting={isCompleting}
          work={work?.interaction === interaction ? work : null}
          onExtend={() => void ask({ do: "ExtendWrapUp", interaction, by_s: work?.extension_s ?? 60 })}
          onTake={() => void ask({ do: "TakeWrapUp", interaction })}
          onComplete={(thenReady) => void complete(thenReady)}
        />
      )}
    </section>
  );
}
