import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { useMotion } from "@/app/theme/useMotion";
import { type Marks, NO_MARKS } from "../canvas/marks";
import type { FlowGraph } from "../model/graph";
import { usePhoneTrial } from "./usePhoneTrial";
import { marksOfWalk, stepsOf, type Trial } from "./walk";

/** So long the call is seen at a step before it is seen at the next. */
const STEP_MS = 300;

/** The world a trial call is made in, before anything is done: `at` is the company's wall clock, "2026-11-23T10:00". */
export interface World {
  at: string;
  number: string;
  isVip: boolean;
  /** further lines of a script */
  more: string;
  isByPhone: boolean;
  /** by telephone: requests are made too that change something elsewhere */
  mayChange: boolean;
}

export const PLAIN_WORLD: World = {
  at: "",
  number: "",
  isVip: false,
  more: "",
  isByPhone: false,
  mayChange: false,
};

/** What is played: the acts so far, on the draft as it stood then. */
interface Played {
  acts: readonly string[];
  graph: FlowGraph;
  trial: Trial;
}

/** A trial call of a draft in virtual time. It is played from its beginning at each act, on the draft as it is by then. */
export function useTrial(flow_id: number, graph: FlowGraph | null) {
  const { t, i18n } = useTranslation("trial-call");
  const canMove = useMotion();
  const [isOpen, setOpen] = useState(false);
  const [world, setWorld] = useState(PLAIN_WORLD);
  const [played, setPlayed] = useState<Played | null>(null);
  const [seen, setSeen] = useState(0);
  const language: "zh" | "en" = i18n.language === "en" ? "en" : "zh";
  const phone = usePhoneTrial(flow_id, graph, language);

  const playing = useMutation({
    mutationFn: async ({ acts, on }: { acts: readonly string[]; on: FlowGraph }): Promise<Played> => {
      const body = {
        graph: on as unknown as Schema<"GraphIn">,
        acts: [...linesOf(world), ...acts],
        language,
      };
      const trial = await bodyOf(
        api.POST("/api/flows/{flow_id}/trial", { params: { path: { flow_id } }, body }),
      );
      return { acts, graph: on, trial };
    },
    onSuccess: setPlayed,
  });
  const linesOf = ({ at, number, isVip, more }: World): string[] => [
    ...(at === "" ? [] : [t("acts.at", { moment: at.replace("T", " ").slice(0, 16) })]),
    ...(number.trim() === "" ? [] : [t("acts.caller", { number: number.trim() })]),
    ...(isVip ? [t("acts.vip")] : []),
    ...more.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#")),
  ];
  const play = (acts: readonly string[]) => graph && playing.mutate({ acts, on: graph });

  const told = phone.told ?? played?.trial ?? null;
  const steps = useMemo(() => stepsOf(told?.turns.flatMap(({ traces }) => traces) ?? []), [told]);
  const shown = canMove && !phone.told ? Math.min(seen, steps.length) : steps.length;
  useEffect(() => {
    if (shown >= steps.length) return;
    const timer = setTimeout(() => setSeen(shown + 1), shown === 0 ? 0 : STEP_MS);
    return () => clearTimeout(timer);
  }, [shown, steps.length]);
  // whoever has hung up stands nowhere; where a real caller would go on to from, the call is still seen
  const isSeenOver = told?.rest === "over" && shown === steps.length;
  const marks: Marks = useMemo(
    () => (isOpen && graph ? marksOfWalk(graph, steps.slice(0, shown), isSeenOver) : NO_MARKS),
    [isOpen, graph, steps, shown, isSeenOver],
  );
  const acts = played?.acts ?? [];
  return {
    isOpen,
    open: () => setOpen(true),
    close: () => {
      setOpen(false);
      setPlayed(null);
      setSeen(0);
      playing.reset();
      phone.leave();
    },
    /** the same by a real call */
    phone,
    world,
    setWorld,
    /** what came of it; null before the call */
    trial: played?.trial ?? null,
    acts,
    begin: () => {
      setSeen(0);
      play([]);
    },
    act: (line: string) => play([...acts, line]),
    /** Take the last act back. */
    back: acts.length > 0 ? () => play(acts.slice(0, -1)) : undefined,
    /** Play the same acts on the draft as it is now; missing while it is what was played. */
    again: played && played.graph !== graph ? () => play(acts) : undefined,
    /** Back to before the call. */
    leave: () => {
      setPlayed(null);
      setSeen(0);
      playing.reset();
    },
    isPlaying: playing.isPending,
    error: playing.error,
    marks,
    here: isOpen ? (steps[shown - 1]?.step ?? null) : null,
  };
}

export type TrialCall = ReturnType<typeof useTrial>;
