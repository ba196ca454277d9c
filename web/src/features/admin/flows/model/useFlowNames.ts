import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { allHours, allPrompts, allQueues } from "../../model/queries";
import { contactClassesQuery } from "../../routing/resources";
import { type FlowNode, promptOf } from "./graph";

/** What a node does with what, in words: the prompt's text, the queue's name and the contact's class, the hours' name. */
export function useFlowNames(): (node: FlowNode) => string {
  const { t, i18n } = useTranslation("flows");
  const classes = useQuery(contactClassesQuery).data;
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
      const words = [queue ? localName(queue, i18n.language) : `#${String(node.config.queue)}`];
      if (typeof node.config.class === "string" && node.config.class !== "") {
        const known = classes?.classes.find(({ code }) => code === node.config.class);
        const name = known ? localName(known, i18n.language) : node.config.class;
        words.push(t("queueStep.asClass", { name }));
      }
      if (typeof node.config.priority === "number" && node.config.priority !== 0)
        words.push(t("queueStep.withPriority", { priority: node.config.priority }));
      return words.join(" · ");
    }
    if (node.kind === "hours")
      return hours?.find(({ id }) => id === node.config.hours)?.name ?? `#${String(node.config.hours)}`;
    return "";
  };
}
