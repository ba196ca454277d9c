import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { problemText } from "@/api/problem-text";

/** Say that a missed call is dealt with; every list that shows it is asked again. */
export function useMarkHandled(interaction: string) {
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [isMarking, setMarking] = useState(false);
  const mark = async () => {
    setMarking(true);
    try {
      await api.POST("/api/interactions/{interaction_id}/missed/handled", {
        params: { path: { interaction_id: interaction } },
      });
      await queryClient.invalidateQueries({ queryKey: ["interactions"] });
    } catch (error) {
      message.error(problemText(error));
    } finally {
      setMarking(false);
    }
  };
  return { mark, isMarking };
}
