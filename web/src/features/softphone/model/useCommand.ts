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
  /** Something asked here is not answered yet. */
  isBusy: boolean;
}

/**
 * Ask the engine, and tell refusals where the eyes are. A button that is shut, or turns, while `isBusy` takes no click:
 * let it do so for what it asked itself, not for what another button did.
 */
export function useCommand(): Command {
  const { message } = App.useApp();
  const [unanswered, setUnanswered] = useState(0);
  const attempt = async (act: () => Promise<unknown>) => {
    setUnanswered((count) => count + 1);
    try {
      await act();
      return true;
    } catch (error) {
      message.error(problemText(error));
      return false;
    } finally {
      setUnanswered((count) => count - 1);
    }
  };
  return { ask: (command) => attempt(() => send(command)), attempt, isBusy: unanswered > 0 };
}
