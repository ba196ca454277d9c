import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import type { Language } from "../model/languages";
import { type Prompt, promptAddress } from "../model/prompts";
import { ListenButton } from "./ListenButton";
import styles from "./PromptVoice.module.css";

/** One prompt in one language: its words, where it comes from, and the sound. */
export function PromptVoice({ prompt, language }: { prompt: Prompt; language: Language }) {
  const { t } = useTranslation("flows");
  const source = prompt.sources[language];
  if (source === undefined) return <StatusTag tone="break">{t("prompts.notThere")}</StatusTag>;
  const isOwn = source === "uploaded" || source === "recorded" || source === "spoken";
  return (
    <div className={styles.voice}>
      <ListenButton
        src={promptAddress(prompt.key, language)}
        duration_s={prompt.durations_s[language] ?? 0}
        label={`${prompt.key} ${t(`prompts.languages.${language}`)}`}
      />
      <span className={styles.text}>
        {prompt.texts[language]}{" "}
        {isOwn && <StatusTag tone="talk">{t(`prompts.sources.${source}`)}</StatusTag>}
      </span>
    </div>
  );
}
