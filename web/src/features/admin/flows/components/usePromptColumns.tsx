import { Button, type TableProps, Tooltip } from "antd";
import { AudioLines, FileUp, Mic, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import { LANGUAGES } from "../model/languages";
import type { Prompt } from "../model/prompts";
import type { Way } from "./PromptDrawer";
import { PromptVoice } from "./PromptVoice";

interface Actions {
  onOpen: (prompt: Prompt) => void;
  onEdit: (how: Way, prompt: Prompt) => void;
  onRemove: (prompt: Prompt) => void;
}

const BUTTONS = [
  ["record", Mic],
  ["upload", FileUp],
  ["speak", AudioLines],
] as const;

/** The library's columns: the name, both languages, who says it, when it was changed, what can be done. */
export function usePromptColumns({
  onOpen,
  onEdit,
  onRemove,
}: Actions): NonNullable<TableProps<Prompt>["columns"]> {
  const { t } = useTranslation("flows");
  const zone = useTimeZone();
  const isOwn = (prompt: Prompt) => Object.values(prompt.sources).some((source) => source !== "standard");
  return [
    {
      key: "key",
      title: t("prompts.key"),
      sorter: true,
      render: (_, prompt) => (
        <Button type="link" size="small" style={{ padding: 0 }} onClick={() => onOpen(prompt)}>
          <code>{prompt.key}</code>
        </Button>
      ),
    },
    ...LANGUAGES.map((language) => ({
      key: language,
      title: t(`prompts.languages.${language}`),
      width: 258,
      render: (_: unknown, prompt: Prompt) => <PromptVoice prompt={prompt} language={language} />,
    })),
    {
      key: "uses",
      title: t("prompts.usesTitle"),
      sorter: true,
      render: (_, { uses }) =>
        uses.length === 0 ? (
          <StatusTag tone="off">{t("prompts.unused")}</StatusTag>
        ) : (
          <Tooltip title={uses.map((use) => use.name || t("prompts.uses.system")).join(t("comma"))}>
            <span>{t("prompts.usedCount", { count: uses.length })}</span>
          </Tooltip>
        ),
    },
    {
      key: "changed_at",
      title: t("changedAt"),
      sorter: true,
      render: (_, { changed_at }) =>
        changed_at && <time dateTime={changed_at}>{formatInstant(changed_at, zone)}</time>,
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, prompt) => (
        <span style={{ whiteSpace: "nowrap" }}>
          {BUTTONS.map(([how, Icon]) => (
            <Tooltip key={how} title={t(`prompts.ways.${how}`)}>
              <Button
                type="text"
                size="small"
                icon={<Icon size={16} />}
                aria-label={t(`prompts.${how}Named`, { key: prompt.key })}
                onClick={() => onEdit(how, prompt)}
              />
            </Tooltip>
          ))}
          <Tooltip title={prompt.is_standard ? t("prompts.restore") : t("prompts.remove")}>
            <Button
              type="text"
              size="small"
              icon={<RotateCcw size={16} />}
              disabled={!isOwn(prompt)}
              aria-label={t("prompts.restoreNamed", { key: prompt.key })}
              onClick={() => onRemove(prompt)}
            />
          </Tooltip>
        </span>
      ),
    },
  ];
}
