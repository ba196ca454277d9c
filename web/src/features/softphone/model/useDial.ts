import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
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
async function begin(target: DialTarget, isOverride: boolean): Promise<string> {
  const answer =
    "number" in target || "kind" in target
      ? ((await send({ do: "Dial", ...target, is_override: isOverride })) as Schema<"DialOut">)
      : await bodyOf(api.POST("/api/dial", { body: { ...target, is_override: isOverride } }));
  return answer.interaction;
}

/** The number is blocked or not to be called, and this user may call it all the same. */
function mayOverride(error: unknown): boolean {
  const { code, facts } = error as { code?: string; facts?: Record<string, unknown> };
  return code === "number_listed" && facts?.may_override === "yes";
}

/** Call out and go to the new contact; refusals are told. */
export function useDial(): { dial: (target: DialTarget) => Promise<void>; isDialling: boolean } {
  const { message, modal } = App.useApp();
  const { t } = useTranslation("problems");
  const navigate = useNavigate();
  const [isDialling, setDialling] = useState(false);
  const dial = async (target: DialTarget, isOverride = false) => {
    setDialling(true);
    try {
      const interaction = await begin(target, isOverride);
      await navigate({ to: "/desk/c/$interaction", params: { interaction } });
    } catch (error) {
      if (!isOverride && mayOverride(error))
        modal.confirm({ title: t("number_listed_override"), onOk: () => void dial(target, true) });
      else message.error(problemText(error));
    } finally {
      setDialling(false);
    }
  };
  return { dial, isDialling };
}
