import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { useState } from "react";
import { api, bodyOf } from "@/api/client";
import { problemText } from "@/api/problem-text";

/** Whom to call: digits, or something stored whose digits this desk may not see. */
export type DialTarget = { number: string } | { customer_number_id: number } | { interaction_id: string };

/** Call out and go to the new contact; refusals are told. */
export function useDial(): { dial: (target: DialTarget) => Promise<void>; isDialling: boolean } {
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [isDialling, setDialling] = useState(false);
  const dial = async (target: DialTarget) => {
    setDialling(true);
    try {
      const { interaction } = await bodyOf(api.POST("/api/dial", { body: target }));
      await navigate({ to: "/desk/c/$interaction", params: { interaction } });
    } catch (error) {
      message.error(problemText(error));
    } finally {
      setDialling(false);
    }
  };
  return { dial, isDialling };
}
