import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, bodyOf, type Schema } from "@/api/client";
import { useNudge } from "@/live/nudges";
import { openMicrophone } from "@/telephone/devices";
import { GuestCall, type GuestCallState } from "@/telephone/guest-call";
import type { FlowGraph } from "../model/graph";
import type { World } from "./useTrial";

export type PhoneTold = Schema<"TrialCallOut">;

/** Whoever misses a hint that something came of the call looks again after this. */
const LOOK_EVERY_MS = 2000;
const READY: GuestCallState = { step: "ready" };

/** The call that was opened, and the draft as it was called. */
interface Opened {
  trial: string;
  graph: FlowGraph;
}

function trialCallQuery(flow_id: number, opened: Opened | null, language: "zh" | "en") {
  const trial_call = opened?.trial ?? "";
  return queryOptions({
    queryKey: ["trial-call", flow_id, trial_call, language],
    queryFn: () =>
      bodyOf(
        api.GET("/api/flows/{flow_id}/trial-calls/{trial_call}", {
          params: { path: { flow_id, trial_call }, query: { language } },
        }),
      ),
    enabled: opened !== null,
    refetchInterval: ({ state }) => (state.data?.state === "over" ? false : LOOK_EVERY_MS),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A real call of a draft by the browser: its telephone, and what came of the call so far. */
export function usePhoneTrial(flow_id: number, graph: FlowGraph | null, language: "zh" | "en") {
  const queryClient = useQueryClient();
  const [state, setState] = useState<GuestCallState>(READY);
  const [call, setCall] = useState<GuestCall | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [error, setError] = useState<unknown>(null);
  const query = useQuery(trialCallQuery(flow_id, opened, language));
  useNudge("trial_call", () => void queryClient.invalidateQueries({ queryKey: ["trial-call", flow_id] }));

  useEffect(() => {
    if (!call) return;
    const leave = () => call.hangUp();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [call]);

  const begin = (world: World) => {
    if (!graph) return;
    setError(null);
    setOpened(null);
    const made = new GuestCall({
      makeAdapter: async () => new (await import("@/telephone/jssip-adapter")).JssipAdapter(),
      tryMicrophone: async () => {
        for (const track of (await openMicrophone()).getTracks()) track.stop();
      },
      getIdentity: async () => {
        try {
          const { trial, telephone } = await openTrialCall(flow_id, graph, world);
          setOpened({ trial, graph });
          return telephone;
        } catch (refused) {
          setError(refused);
          throw refused;
        }
      },
      onChange: setState,
      now: () => Date.now(),
    });
    setCall(made);
    void made.begin();
  };

  const keeping = useMutation({
    mutationFn: async ({ acts }: PhoneTold) => {
      const on = (opened?.graph ?? graph) as unknown as Schema<"GraphIn">;
      const body = { graph: on, acts, language };
      return bodyOf(api.POST("/api/flows/{flow_id}/trial", { params: { path: { flow_id } }, body }));
    },
  });
  return {
    state,
    told: opened ? (query.data ?? null) : null,
    error: error ?? query.error ?? keeping.error,
    begin,
    press: (key: string) => call?.press(key),
    setMuted: (isMuted: boolean) => call?.setMuted(isMuted),
    hangUp: () => call?.hangUp(),
    /** Back to before the call. */
    leave: () => {
      setCall(null);
      setState(READY);
      setOpened(null);
      setError(null);
      keeping.reset();
    },
    /** Make the test that the call can be kept as: the same acts, in virtual time. */
    keep: () => query.data && keeping.mutate(query.data),
    script: keeping.data?.script ?? null,
    isMaking: keeping.isPending,
    putAway: keeping.reset,
  };
}

export type PhoneTrial = ReturnType<typeof usePhoneTrial>;

async function openTrialCall(flow_id: number, graph: FlowGraph, { number, isVip, mayChange }: World) {
  const body = {
    graph: graph as unknown as Schema<"GraphIn">,
    number: number.trim(),
    is_vip: isVip,
    may_change: mayChange,
  };
  return bodyOf(api.POST("/api/flows/{flow_id}/trial-calls", { params: { path: { flow_id } }, body }));
}
