import { App } from "antd";
import { useState } from "react";
import { problemText } from "@/api/problem-text";
import type { DeskCommand } from "@/live/messages";
import { send } from "@/live/store";

interface Command {
  /** Send a command; resolves to whether it was done. */
  ask: (command: DeskCommand) => Promise<boolean>;
  /** Do something that may be refused; resolves to whether it was done. */
  attempt: (act: () => Promise<unknown>) => Promise<boolean>;
  isBusy: boolean;
}

/** Ask the engine, one thing at a time, and tell refusals where the eyes are. */
export function useCommand(): Command {
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await act();
      return true;
    } catch (error) {
      message.error(problemText(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { ask: (command) => attempt(() => send(command)), attempt, isBusy };
}
