import { App, Button, Form, Input, Radio, Upload } from "antd";
import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { useSettingsChanged } from "../../model/queries";
import { type Language, type Prompt, uploadPrompt } from "../model/queries";
import { PromptKeyField } from "./PromptKeyField";

interface Values {
  key: string;
  language: Language;
  text?: string;
  file: { originFileObj?: Blob }[];
}

/** Bring a recorded WAV file; the server brings it to line quality and level. */
export function UploadDrawer({ prompt, onClose }: { prompt: Prompt | null; onClose: () => void }) {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const submit = async ({ key, language, text = "", file }: Values) => {
    const [chosen] = file;
    if (!chosen?.originFileObj) return;
    await uploadPrompt({ key: prompt?.key ?? key, language, text, file: chosen.originFileObj });
    message.success(t("prompts.uploaded"));
    await changed();
    onClose();
  };
  return (
    <FormDrawer<Values>
      key={prompt?.key ?? "new"}
      title={prompt ? t("prompts.uploadNamed", { key: prompt.key }) : t("prompts.uploadNew")}
      isOpen
      initial={{ language: "zh" }}
      submitLabel={t("prompts.upload")}
      onSubmit={submit}
      onClose={onClose}
    >
      {!prompt && <PromptKeyField />}
      <Form.Item name="language" label={t("prompts.language")}>
        <Radio.Group
          options={(["zh", "en"] as const).map((each) => ({
            value: each,
            label: t(`prompts.languages.${each}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="file"
        label={t("prompts.file")}
        extra={t("prompts.fileHint")}
        valuePropName="fileList"
        getValueFromEvent={(event: { fileList: unknown[] }) => event.fileList}
        rules={[{ required: true, message: t("prompts.fileMissing") }]}
      >
        <Upload accept=".wav,audio/wav" maxCount={1} beforeUpload={() => false}>
          <Button icon={<FileUp size={16} />}>{t("prompts.chooseFile")}</Button>
        </Upload>
      </Form.Item>
      <Form.Item name="text" label={t("prompts.text")} extra={t("prompts.textHint")}>
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </FormDrawer>
  );
}
