import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";

/** Change and close tasks; each tells whether it was done. */
export function useTaskChanges() {
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: ["follow-ups"] });
    await queryClient.invalidateQueries({
      queryKey: ["customers"],
      predicate: ({ queryKey }) => queryKey.at(-1) === "timeline",
    });
  };
  const doing = async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
    } catch (error) {
      message.error(problemText(error));
      return false;
    }
    await refresh();
    return true;
  };
  const at = (task: number) => ({ params: { path: { follow_up_id: task } } });
  return {
    refresh,
    change: (task: number, body: Schema<"FollowUpPatchIn">) =>
      doing(() => api.PATCH("/api/follow-ups/{follow_up_id}", { ...at(task), body })),
    complete: (task: number, body: Schema<"CompleteIn">) =>
      doing(() => api.POST("/api/follow-ups/{follow_up_id}/complete", { ...at(task), body })),
    tryAgain: (task: number, body: Schema<"AttemptIn">) =>
      doing(() => api.POST("/api/follow-ups/{follow_up_id}/attempt", { ...at(task), body })),
    claim: (task: number) => doing(() => api.POST("/api/follow-ups/{follow_up_id}/claim", at(task))),
    cancel: (task: number, body: Schema<"CloseIn">) =>
      doing(() => api.POST("/api/follow-ups/{follow_up_id}/cancel", { ...at(task), body })),
    dial: (task: number, number: number) =>
      doing(() =>
        api.POST("/api/follow-ups/{follow_up_id}/dial", {
          ...at(task),
          body: { customer_number_id: number },
        }),
      ),
  };
}
