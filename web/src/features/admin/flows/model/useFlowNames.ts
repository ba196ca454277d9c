import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { allHours, allPrompts, allQueues } from "../../model/queries";
import { type FlowNode, promptOf } from "./graph";

/** What a node does with what, in words: the prompt's text, the queue's name, the hours' name. */
export function useFlowNames(): (node: FlowNode) => string {
  const { i18n } = useTranslation();
  const queues = useQuery(allQueues).data;
  const hours = useQuery(allHours).data;
  const prompts = useQuery(allPrompts).data;
  return (node) => {
    const key = promptOf(node);
    if (key !== null) {
      const texts = prompts?.find((prompt) => prompt.key === key)?.texts;
      const text = texts?.[i18n.language] ?? texts?.zh ?? texts?.en;
      return text ? `${key}: ${text}` : key;
    }
    if (node.kind === "queue") {
      const queue = queues?.find(({ id }) => id === node.config.queue);
      return queue ? localName(queue, i18n.language) : `#${String(node.config.queue)}`;
    }
    if (node.kind === "hours")
      return hours?.find(({ id }) => id === node.config.hours)?.name ?? `#${String(node.config.hours)}`;
    return "";
  };
}
