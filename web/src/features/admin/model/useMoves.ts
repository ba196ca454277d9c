import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { problemText } from "@/api/problem-text";
import type { Move } from "./order";
import { useSettingsChanged } from "./queries";

/** Write new positions, one after the other, and show the list as the server then has it. */
export function useMoves(write: (move: Move) => Promise<unknown>) {
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  return useMutation({
    mutationFn: async (moves: readonly Move[]) => {
      for (const move of moves) await write(move);
    },
    onError: (error) => message.error(problemText(error)),
    onSettled: changed,
  });
}
