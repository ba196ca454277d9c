import { App } from "antd";
import { useState } from "react";
import { problemText } from "@/api/problem-text";
import type { DeskCommand } from "@/live/messages";
import { send } from "@/live/store";

/** Send commands, one at a time, and tell refusals where the eyes are. `ask` resolves to whether it was done. */
export function useCommand(): { ask: (command: DeskCommand) => Promise<boolean>; isBusy: boolean } {
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const ask = async (command: DeskCommand) => {
    setBusy(true);
    try {
      await send(command);
      return true;
    } catch (error) {
      message.error(problemText(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { ask, isBusy };
}
