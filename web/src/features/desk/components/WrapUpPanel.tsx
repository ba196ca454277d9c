import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Skeleton } from "antd";
import { Clock } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { type WrapUp, wrapUpQuery } from "@/api/interactions";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { dispositionsQuery } from "@/api/settings";
import { useCommand } from "@/features/softphone";
import { secondsUntil } from "@/lib/time";
import { useHotkeys } from "@/lib/useHotkeys";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { toChoices } from "../model/dispositions";
import { useWrapUp } from "../model/useWrapUp";
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
  const isOver = row === undefined || row.phase === "ended" || isWrappingUp;
  const isMissing = choices.length > 0 && state.fields.disposition_id === null;

  const complete = async (then_ready: boolean | null) => {
    setTried(true);
    if (isMissing || !draft) return;
    setCompleting(true);
    try {
      await draft.flush();
      await api.POST("/api/interactions/{interaction_id}/wrap-up/complete", {
        params: { path: { interaction_id: interaction } },
        body: draft.record as WrapUp,
      });
      if (then_ready !== null) await ask({ do: "CompleteWrapUp", interaction, then_ready });
      else message.success(t("wrapUp.completed"));
      await queryClient.invalidateQueries({ queryKey: ["interactions"] });
    } catch (error) {
      message.error(problemText(error));
    } finally {
      setCompleting(false);
    }
  };
  useHotkeys([
    {
      code: "Enter",
      alt: true,
      whileTyping: true,
      act: () => isOver && void complete(isWrappingUp ? true : null),
    },
  ]);

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
        <footer className={styles.actions}>
          {isWrappingUp && <TimeLeft />}
          {isWrappingUp && (
            <Button disabled={isBusy} onClick={() => void ask({ do: "ExtendWrapUp", interaction, by_s: 60 })}>
              {t("wrapUp.extend")}
            </Button>
          )}
          {isWrappingUp && (
            <Button loading={isCompleting} onClick={() => void complete(false)}>
              {t("wrapUp.complete")}
            </Button>
          )}
          <Button
            type="primary"
            loading={isCompleting}
            onClick={() => void complete(isWrappingUp ? true : null)}
          >
            {isWrappingUp ? t("wrapUp.completeReady") : t("wrapUp.complete")}
          </Button>
        </footer>
      )}
    </section>
  );
}

function TimeLeft() {
  const { t } = useTranslation("desk");
  const now_ms = useServerNow();
  const until = useLive((live) => live.me?.until);
  if (!until) return null;
  const left_s = secondsUntil(until, now_ms);
  return (
    <output className={styles.left} data-urgent={left_s <= 10}>
      <Clock size={14} aria-hidden /> {t("wrapUp.left", { count: left_s })}
    </output>
  );
}
