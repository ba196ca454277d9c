import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { problemText } from "@/api/problem-text";

/** Do something, say so or why not, and let everything of `topic` be asked anew; tells whether it was done. */
export function useDoing(topic: "notices" | "bulletins" | "forum") {
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  return async (act: () => Promise<unknown>, done?: string): Promise<boolean> => {
    try {
      await act();
      if (done) message.success(done);
      return true;
    } catch (error) {
      message.error(problemText(error));
      return false;
    } finally {
      await queryClient.invalidateQueries({ queryKey: [topic] });
    }
  };
}
