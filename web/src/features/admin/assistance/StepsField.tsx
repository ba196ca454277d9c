import { Button, Form, Input, Switch } from "antd";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./Fields.module.css";

/** A key that stays with a step for ever: what was ticked refers to it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The steps of a checklist, in order: a title, what to say, and whether it must be done. */
export function StepsField() {
  const { t } = useTranslation(["assistance", "admin"]);
  return (
    <Form.List name="steps">
      {(fields, { add, remove, move }) => (
        <div className={styles.rows}>
          {fields.map(({ key, name }, at) => (
            <fieldset key={key} className={styles.row}>
              <legend className={styles.legend}>{t("steps.nth", { n: at + 1 })}</legend>
              <Form.Item name={[name, "key"]} hidden>
                <Input />
              </Form.Item>
              <Form.Item
                name={[name, "title"]}
                label={t("steps.title")}
                rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
              >
                <Input maxLength={100} />
              </Form.Item>
              <Form.Item name={[name, "words"]} label={t("steps.words")}>
                <Input.TextArea maxLength={2000} rows={2} placeholder={t("steps.wordsExample")} />
              </Form.Item>
              <div className={styles.foot}>
                <Form.Item
                  name={[name, "is_required"]}
                  label={t("steps.required")}
                  valuePropName="checked"
                  layout="horizontal"
                  className={styles.inline ?? ""}
                >
                  <Switch />
                </Form.Item>
                <Button
                  type="text"
                  icon={<ArrowUp size={16} />}
                  aria-label={t("steps.up", { n: at + 1 })}
                  disabled={at === 0}
                  onClick={() => move(at, at - 1)}
                />
                <Button
                  type="text"
                  icon={<ArrowDown size={16} />}
                  aria-label={t("steps.down", { n: at + 1 })}
                  disabled={at === fields.length - 1}
                  onClick={() => move(at, at + 1)}
                />
                <Button
                  type="text"
                  icon={<Trash2 size={16} />}
                  aria-label={t("steps.remove", { n: at + 1 })}
                  disabled={fields.length === 1}
                  onClick={() => remove(name)}
                />
              </div>
            </fieldset>
          ))}
          <Button
            icon={<Plus size={16} />}
            disabled={fields.length >= 30}
            onClick={() => add({ key: newKey(), title: "", words: "", is_required: false })}
          >
            {t("steps.add")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
