import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { useState } from "react";
import { api, bodyOf, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { send } from "@/live/store";

/** Whom to call: digits, a colleague or a queue of the company's own, or something stored whose digits this desk may not see. */
export type DialTarget =
  | { number: string }
  | { kind: "agent" | "queue"; target: number }
  | { customer_number_id: number }
  | { interaction_id: string };

/** A typed number goes straight to the engine, which works while the database is away; what is stored is looked up first. */
async function begin(target: DialTarget): Promise<string> {
  const answer =
    "number" in target || "kind" in target
      ? ((await send({ do: "Dial", ...target })) as Schema<"DialOut">)
      : await bodyOf(api.POST("/api/dial", { body: target }));
  return answer.interaction;
}

/** Call out and go to the new contact; refusals are told. */
export function useDial(): { dial: (target: DialTarget) => Promise<void>; isDialling: boolean } {
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [isDialling, setDialling] = useState(false);
  const dial = async (target: DialTarget) => {
    setDialling(true);
    try {
      const interaction = await begin(target);
      await navigate({ to: "/desk/c/$interaction", params: { interaction } });
    } catch (error) {
      message.error(problemText(error));
    } finally {
      setDialling(false);
    }
  };
  return { dial, isDialling };
}
