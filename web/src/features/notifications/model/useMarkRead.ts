import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";

/** Mark notifications as read, here and in the user's other tabs. */
export function useMarkRead() {
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  return async (body: Partial<Schema<"MarkReadIn">>) => {
    try {
      await api.POST("/api/notifications/read", { body: { category: "", ...body } });
      await queryClient.invalidateQueries({ queryKey: ["notifications"] });
    } catch (error) {
      message.error(problemText(error));
    }
  };
}
