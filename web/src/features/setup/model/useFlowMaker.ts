import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { companyQuery, flowQuery, publishFlow, saveDraft, speakPrompt, useFlowNames } from "@/features/admin";
import { makeFlow, menuText } from "./flow-template";
import type { Setup } from "./useSetup";

/** The prompt library's own menu; what is spoken here takes its place for this company. */
const MENU_PROMPT = "menu";

/** The flow that fits what has been set up, and how to put it in force for the numbers there are. */
export function useFlowMaker(setup: Setup, hasHours: boolean) {
  const { t } = useTranslation("setup");
  const queryClient = useQueryClient();
  const nameOf = useFlowNames();
  const language = useQuery(companyQuery).data?.language ?? "zh";
  // The menu speaks the company's language, whatever the page is in.
  const { t: words } = useTranslation("setup", { lng: language });
  const hours = hasHours ? (setup.hours[0]?.id ?? null) : null;
  const graph = makeFlow({
    queues: setup.queues,
    hours,
    menuPrompt: MENU_PROMPT,
    againLabel: t("flow.again"),
  });
  const names = setup.queues.map((queue) => (language === "en" && queue.name_en) || queue.name);
  const suggested = menuText(names, {
    choice: (queue, key) => words("flow.choice", { queue, key }),
    again: words("flow.againText"),
    keys: words("flow.keys").split(" "),
    between: language === "zh" ? "" : " ",
  });
  const [typed, setTyped] = useState<string | null>(null);
  const hasMenu = setup.queues.length > 1;
  const flowIds = [...new Set(setup.numbers.map(({ flow_id }) => flow_id))];
  const published = setup.flows.find(({ id, version }) => version > 0 && flowIds.includes(id)) ?? null;

  /** Returns whether the menu could be spoken: without a voice on this machine the flow still works, with the standard words. */
  const make = async (): Promise<boolean> => {
    const hasVoice = !hasMenu || (await speak(typed ?? suggested));
    const [id] = flowIds;
    if (id === undefined) return hasVoice;
    const flow = await queryClient.fetchQuery({ ...flowQuery(id), staleTime: 0 });
    await saveDraft(flow, graph);
    await publishFlow(id);
    return hasVoice;
  };
  const speak = async (text: string): Promise<boolean> => {
    try {
      await speakPrompt(MENU_PROMPT, { [language]: text });
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "speech_away") return false;
      throw error;
    }
  };
  return {
    graph,
    published,
    menu: hasMenu ? { text: typed ?? suggested, setText: setTyped } : null,
    detailOf: (node: Parameters<typeof nameOf>[0]) =>
      node.kind === "menu" ? (typed ?? suggested) : nameOf(node),
    make,
  };
}
