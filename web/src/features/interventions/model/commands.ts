/** From what a dialog asked to the engine's command. */
import type { DeskCommand, InteractionRow } from "@/live/messages";
import type { Act } from "./acts";

/** What the dialogs ask for; each uses its own part. */
export interface Asked {
  target?: number;
  for_s: number;
  queue?: number;
  keeps_wait: boolean;
  priority: number;
  class_code: string;
  prompt: string;
  reason?: string;
}

export const FIRST: Asked = {
  for_s: 120,
  keeps_wait: true,
  priority: 0,
  class_code: "",
  prompt: "all_busy",
};

export function commandOf(act: Exclude<Act, "pull">, row: InteractionRow, asked: Asked): DeskCommand {
  const where = { interaction: row.id, in_queue: row.queue ?? 0 };
  switch (act) {
    case "assign":
      return { do: "Assign", ...where, target: asked.target ?? 0, for_s: asked.for_s };
    case "requeue":
      return { do: "Requeue", ...where, queue: asked.queue ?? 0, keeps_wait: asked.keeps_wait };
    case "priority":
      return {
        do: "ChangePriority",
        ...where,
        priority: asked.priority,
        ...(asked.class_code !== (row.class_code ?? "") && { class_code: asked.class_code }),
      };
    case "end":
      return { do: "EndWaiting", ...where, prompt: asked.prompt, reason: asked.reason ?? "" };
  }
}
