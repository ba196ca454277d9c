import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePromptWords } from "../model/useFlowNames";
import styles from "./TrialPanel.module.css";
import type { Trial, TrialTrace } from "./walk";

/** What happened so far: each act, and what the caller met because of it. */
export function TrialStory({ trial, placeOf }: { trial: Trial; placeOf: (step: string) => string }) {
  const { t } = useTranslation("trial-call");
  const wordsOf = usePromptWords();
  const end = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came last is to be seen
  useEffect(() => {
    end.current?.scrollTo({ top: end.current.scrollHeight });
  }, [trial]);
  const told = ({ what, name }: TrialTrace): string => {
    if (what === "node") return placeOf(name);
    if (what === "end" && name === "out_of_flow") return t("told.outOfFlow");
    if (what === "say") return t("told.say", { words: wordsOf(name) });
    return t(`told.${what as "queue"}`, { name, defaultValue: name });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <div ref={end} className={styles.story} role="log" aria-label={t("story")} tabIndex={0}>
      <ol>
        {trial.turns.map(({ act, traces }, turn) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: turns are only added at the end
          <li key={turn}>
            <b>{act ?? t("comesIn")}</b>
            <ul>
              {traces.map((trace, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays
                <li key={at} data-what={trace.what}>
                  <span className="numbers">{t("at", { seconds: trace.at_s })}</span> {told(trace)}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  );
}
