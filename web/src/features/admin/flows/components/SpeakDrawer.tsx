import { App, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { useSettingsChanged } from "../../model/queries";
import { LANGUAGES, type Language } from "../model/languages";
import { type Prompt, speakPrompt } from "../model/prompts";
import { PromptKeyField } from "./PromptKeyField";

interface Values {
  key: string;
  zh?: string;
  en?: string;
}

interface Props {
  /** null: a new one */
  prompt: Prompt | null;
  onClose: () => void;
  /** told its name once it is there and known to the lists */
  onMade?: (key: string) => void;
}

/** Write what callers shall hear; the product's voice says it. Only languages with a text are made. */
export function SpeakDrawer({ prompt, onClose, onMade }: Props) {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const submit = async ({ key, ...spoken }: Values) => {
    const texts: Partial<Record<Language, string>> = {};
    for (const language of LANGUAGES) {
      const text = spoken[language]?.trim();
      if (text) texts[language] = text;
    }
    await speakPrompt(prompt?.key ?? key, texts);
    message.success(t("prompts.spoken"));
    await changed();
    onMade?.(prompt?.key ?? key);
    onClose();
  };
  return (
    <FormDrawer<Values>
      key={prompt?.key ?? "new"}
      title={prompt ? t("prompts.speakNamed", { key: prompt.key }) : t("prompts.add")}
      isOpen
      initial={prompt ? { key: prompt.key, ...prompt.texts } : {}}
      submitLabel={t("prompts.speak")}
      onSubmit={submit}
      onClose={onClose}
    >
      <p style={{ marginBottom: 16 }}>{t("prompts.speakHint")}</p>
      {!prompt && <PromptKeyField />}
      {LANGUAGES.map((language) => (
        <Form.Item
          key={language}
          name={language}
          label={t(`prompts.texts.${language}`)}
          dependencies={language === "zh" ? ["en"] : ["zh"]}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, text?: string) =>
                text?.trim() || String(getFieldValue(language === "zh" ? "en" : "zh") ?? "").trim()
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("prompts.textMissing"))),
            }),
          ]}
        >
          <Input.TextArea rows={4} maxLength={1000} showCount />
        </Form.Item>
      ))}
    </FormDrawer>
  );
}
