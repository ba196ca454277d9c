import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import type { Language } from "../model/languages";
import { uploadPrompt } from "../model/prompts";
import type { Recording } from "../model/recorder";
import { useTaken } from "../model/useTaken";
import { PromptKeyField } from "./PromptKeyField";
import { PromptLanguageField } from "./PromptLanguageField";
import { RecorderField } from "./RecorderField";

interface Values {
  key: string;
  language: Language;
  text?: string;
  recording: Recording | null;
}

interface Props {
  promptKey: string | null;
  language?: Language | undefined;
  text?: string | undefined;
  onClose: () => void;
}

/** Say a prompt into the microphone, listen, and let callers hear it. */
export function RecordDrawer({ promptKey, language = "zh", text = "", onClose }: Props) {
  const { t } = useTranslation("flows");
  const taken = useTaken();
  const submit = async (values: Values) => {
    if (!values.recording) return;
    const made = await uploadPrompt({
      key: promptKey ?? values.key,
      language: values.language,
      text: values.text ?? "",
      file: values.recording.file,
      source: "recorded",
    });
    await taken(made, values.language);
    onClose();
  };
  return (
    <FormDrawer<Values>
      title={promptKey ? t("prompts.recordNamed", { key: promptKey }) : t("prompts.recordNew")}
      isOpen
      initial={{ language, text, recording: null }}
      submitLabel={t("record.save")}
      onSubmit={submit}
      onClose={onClose}
    >
      {!promptKey && <PromptKeyField />}
      <PromptLanguageField />
      <Form.Item name="text" label={t("record.words")} extra={t("record.wordsHint")}>
        <Input.TextArea rows={4} maxLength={1000} />
      </Form.Item>
      <Form.Item
        name="recording"
        label={t("record.title")}
        extra={t("record.hint")}
        rules={[{ required: true, message: t("record.missing") }]}
      >
        <RecorderField />
      </Form.Item>
    </FormDrawer>
  );
}
