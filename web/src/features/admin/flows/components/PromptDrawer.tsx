import { useQuery } from "@tanstack/react-query";
import { Button, Drawer, Skeleton } from "antd";
import { AudioLines, FileUp, Mic } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { LANGUAGES, type Language } from "../model/languages";
import { promptQuery } from "../model/prompts";
import styles from "./PromptDrawer.module.css";
import { PromptUses } from "./PromptUses";
import { PromptVersions } from "./PromptVersions";
import { PromptVoice } from "./PromptVoice";

export type Way = "speak" | "upload" | "record";

interface Props {
  promptKey: string;
  onEdit: (how: Way, language: Language) => void;
  onClose: () => void;
}

const WAYS = [
  ["record", Mic],
  ["upload", FileUp],
  ["speak", AudioLines],
] as const;

/** One prompt: both languages side by side, who says it, and every version that there was. */
export function PromptDrawer({ promptKey, onEdit, onClose }: Props) {
  const { t } = useTranslation("flows");
  const { data: prompt, error, refetch } = useQuery(promptQuery(promptKey));
  return (
    <Drawer title={<code>{promptKey}</code>} open onClose={onClose} size={820}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!prompt && !error && <Skeleton active />}
      {prompt && (
        <>
          <div className={styles.sides}>
            {LANGUAGES.map((language) => (
              <section key={language} className={styles.side} aria-label={t(`prompts.languages.${language}`)}>
                <h2>{t(`prompts.languages.${language}`)}</h2>
                <PromptVoice prompt={prompt} language={language} />
                <div className={styles.buttons}>
                  {WAYS.map(([how, Icon]) => (
                    <Button
                      key={how}
                      size="small"
                      icon={<Icon size={14} />}
                      onClick={() => onEdit(how, language)}
                    >
                      {t(`prompts.ways.${how}`)}
                    </Button>
                  ))}
                </div>
              </section>
            ))}
          </div>
          <section className={styles.part}>
            <h2>{t("prompts.usesTitle")}</h2>
            <PromptUses uses={prompt.uses} />
          </section>
          <section className={styles.part}>
            <h2>{t("prompts.versions.title")}</h2>
            <PromptVersions promptKey={promptKey} versions={prompt.versions} />
          </section>
        </>
      )}
    </Drawer>
  );
}
