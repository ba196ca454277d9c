import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { allHours, allPrompts, allQueues } from "../../model/queries";
import { contactClassesQuery } from "../../routing/resources";
import type { FlowNode } from "./graph";
import { labelOf, type PanelField } from "./kinds";
import { useKinds } from "./useKinds";

/** What is said by a prompt, in the reader's language where there are words in it; else its key. */
export function usePromptWords(): (key: string) => string {
  const { i18n } = useTranslation("flows");
  const prompts = useQuery(allPrompts).data;
  const { language } = i18n;
  return useCallback(
    (key) => {
      const texts = prompts?.find((prompt) => prompt.key === key)?.texts;
      return texts?.[language] || texts?.zh || texts?.en || key;
    },
    [prompts, language],
  );
}

/** What a step does with what, in words: what it says, and what its panel was told that is not as usual. The function
 * stays the same while what it knows does: every step that is drawn asks it. */
export function useFlowNames(): (node: FlowNode) => string {
  const { i18n } = useTranslation("flows");
  const { kinds } = useKinds();
  const classes = useQuery(contactClassesQuery).data;
  const queues = useQuery(allQueues).data;
  const hours = useQuery(allHours).data;
  const wordsOfPrompt = usePromptWords();
  const { language } = i18n;

  return useCallback(
    ({ kind, config }) => {
      const wordsOf = (field: PanelField, value: unknown): string | null => {
        const label = labelOf(field, language);
        switch (field.kind) {
          case "prompt": {
            const key = (value as { key?: unknown } | null | undefined)?.key;
            if (typeof key !== "string") return null;
            const words = wordsOfPrompt(key);
            return words === key ? key : `${key}: ${words}`;
          }
          case "queue": {
            const queue = queues?.find(({ id }) => id === value);
            return queue ? localName(queue, language) : numbered(value);
          }
          case "hours":
            return hours?.find(({ id }) => id === value)?.name ?? numbered(value);
          case "class": {
            if (typeof value !== "string" || value === "") return null;
            const known = classes?.classes.find(({ code }) => code === value);
            return `${label} ${known ? localName(known, language) : value}`;
          }
          case "number":
            return typeof value === "number" && value !== field.default ? `${label} ${value}` : null;
          case "text":
            return typeof value === "string" && value !== "" ? value : null;
          default:
            return null;
        }
      };
      return (kinds.get(kind)?.fields ?? [])
        .map((field) => wordsOf(field, config[field.name]))
        .filter((words) => words !== null)
        .join(" · ");
    },
    [kinds, classes, queues, hours, wordsOfPrompt, language],
  );
}

/** A thing that is not there (any more): its number. */
function numbered(value: unknown): string | null {
  return value === undefined || value === null ? null : `#${String(value)}`;
}
