import { Form, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "../model/languages";

/** In which language the sound speaks. */
export function PromptLanguageField() {
  const { t } = useTranslation("flows");
  return (
    <Form.Item name="language" label={t("prompts.language")}>
      <Radio.Group
        options={LANGUAGES.map((each) => ({ value: each, label: t(`prompts.languages.${each}`) }))}
      />
    </Form.Item>
  );
}
