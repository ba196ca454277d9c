import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useState } from "react";
import { problemText } from "@/api/problem-text";
import { useIsViewing } from "@/api/session";
import { type FlowEditing, holdFlow, releaseFlow } from "./queries";

const SAY_EVERY_MS = 15_000;

/** Who may edit the flow: this page as long as it stands, unless another has it open. */
export function useEditing(flow: number, onTaken: () => void) {
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const isViewing = useIsViewing();
  const [page] = useState(() => `${Date.now()}-${Math.random().toString(36).slice(2)}`);
  const query = queryOptions({
    queryKey: ["flow-editing", flow, page],
    queryFn: () => holdFlow(flow, page),
    refetchInterval: SAY_EVERY_MS,
    refetchIntervalInBackground: true,
    gcTime: 0,
  });
  const editing = useQuery({ ...query, enabled: !isViewing }).data;
  useEffect(() => {
    const leave = () => void releaseFlow(flow, page).catch(() => undefined); // it is free by itself soon
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [flow, page]);
  const takingOver = useMutation({
    mutationFn: () => holdFlow(flow, page, true),
    onSuccess: (held: FlowEditing) => {
      queryClient.setQueryData(query.queryKey, held);
      onTaken();
    },
    onError: (error) => void message.error(problemText(error)),
  });
  return {
    /** who edits it instead, if somebody does */
    other: editing && !editing.is_mine ? editing : null,
    isReadOnly: isViewing || (editing !== undefined && !editing.is_mine),
    takeOver: takingOver.mutate,
    isTaking: takingOver.isPending,
  };
}

export type Editing = ReturnType<typeof useEditing>;
