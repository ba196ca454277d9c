import { Button, Form, Input, Upload } from "antd";
import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import type { Language } from "../model/languages";
import { uploadPrompt } from "../model/prompts";
import { useTaken } from "../model/useTaken";
import { PromptKeyField } from "./PromptKeyField";
import { PromptLanguageField } from "./PromptLanguageField";

interface Values {
  key: string;
  language: Language;
  text?: string;
  file: { originFileObj?: Blob }[];
}

interface Props {
  /** The prompt that gets a new sound; null: a new prompt. */
  promptKey: string | null;
  language?: Language | undefined;
  text?: string | undefined;
  onClose: () => void;
}

const ACCEPTED = "audio/*,.mp3,.m4a,.aac,.wav,.ogg,.opus,.webm,.flac,.amr,.aiff,.caf,.mp4,.3gp";

/** Bring a recorded file; the server brings it to line quality and level. */
export function UploadDrawer({ promptKey, language = "zh", text = "", onClose }: Props) {
  const { t } = useTranslation("flows");
  const taken = useTaken();
  const submit = async (values: Values) => {
    const file = values.file[0]?.originFileObj;
    if (!file) return;
    const made = await uploadPrompt({
      key: promptKey ?? values.key,
      language: values.language,
      text: values.text ?? "",
      file,
      source: "uploaded",
    });
    await taken(made, values.language);
    onClose();
  };
  return (
    <FormDrawer<Values>
      title={promptKey ? t("prompts.uploadNamed", { key: promptKey }) : t("prompts.uploadNew")}
      isOpen
      initial={{ language, text }}
      submitLabel={t("prompts.upload")}
      onSubmit={submit}
      onClose={onClose}
    >
      {!promptKey && <PromptKeyField />}
      <PromptLanguageField />
      <Form.Item
        name="file"
        label={t("prompts.file")}
        extra={t("prompts.fileHint")}
        valuePropName="fileList"
        getValueFromEvent={(event: { fileList: unknown[] }) => event.fileList}
        rules={[{ required: true, message: t("prompts.fileMissing") }]}
      >
        <Upload accept={ACCEPTED} maxCount={1} beforeUpload={() => false}>
          <Button icon={<FileUp size={16} />}>{t("prompts.chooseFile")}</Button>
        </Upload>
      </Form.Item>
      <Form.Item name="text" label={t("prompts.text")} extra={t("prompts.textHint")}>
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </FormDrawer>
  );
}
