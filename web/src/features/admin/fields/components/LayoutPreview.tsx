import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { RecordForm, RecordValues } from "@/ui/record-form/model";
import { RecordFields } from "@/ui/record-form/RecordFields";
import { fieldName, isRequired } from "../model/layout";
import styles from "./LayoutEditor.module.css";

/** The form as it will be. What is typed here is kept nowhere: it shows what appears when. */
export function LayoutPreview({ form }: { form: RecordForm }) {
  const { t, i18n } = useTranslation("fields");
  const [preview] = Form.useForm<RecordValues>();
  const values = Form.useWatch<RecordValues>([], preview) ?? {};
  return (
    <section className={styles.preview} aria-label={t("layout.preview")}>
      <h2>{t("layout.preview")}</h2>
      <p className={styles.hint}>{t("layout.previewHint")}</p>
      <Form form={preview} layout="vertical" name="preview">
        <RecordFields
          form={form}
          stored={{}}
          users={[]}
          values={values}
          builtIn={(code, { isReadOnly }) => (
            <Form.Item
              name={code}
              label={fieldName(form, code, i18n.language)}
              required={isRequired(form, code)}
            >
              <Input disabled={isReadOnly} />
            </Form.Item>
          )}
        />
      </Form>
    </section>
  );
}
