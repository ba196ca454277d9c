import { Button, Form, InputNumber, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Queue } from "../model/api";
import { afterPrevious, nextRing } from "../model/rings";
import styles from "./RingsField.module.css";

interface Props {
  /** Skills that the queue asks for: what a ring may drop. */
  skills: readonly string[];
  /** Queues that a ring may ask too. */
  queues: readonly { value: number; label: string }[];
  /** Where the queue stands in the form: a list and a place in it; nothing: it is the form. */
  within?: [string, number];
}

const MOST = 6;

/** What a queue gives up, step by step, for callers who have waited long. */
export function RingsField({ skills, queues, within }: Props) {
  const path = [...(within ?? []), "rings"];
  const { t } = useTranslation("admin");
  return (
    <Form.List name={[...(within?.slice(1) ?? []), "rings"]}>
      {(fields, { add, remove }) => (
        <div className={styles.rings}>
          {fields.map(({ key, name }) => (
            <fieldset key={key} className={styles.ring} aria-label={t("rings.ring", { number: name + 1 })}>
              <div className={styles.head}>
                <span>{t("rings.after")}</span>
                <Form.Item
                  name={[name, "after_s"]}
                  noStyle
                  dependencies={[[...path, name - 1, "after_s"]]}
                  rules={[
                    { required: true, message: t("form.required") },
                    ({ getFieldValue }) => ({
                      validator: (_, after: number) =>
                        afterPrevious(getFieldValue(path) as Queue["rings"], name, after)
                          ? Promise.resolve()
                          : Promise.reject(new Error(t("rings.later"))),
                    }),
                  ]}
                >
                  <InputNumber
                    min={1}
                    max={86_400}
                    precision={0}
                    suffix={t("form.seconds")}
                    aria-label={t("rings.afterLabel")}
                    style={{ width: 130 }}
                  />
                </Form.Item>
                <Button
                  type="text"
                  icon={<X size={16} />}
                  aria-label={t("rings.remove", { number: name + 1 })}
                  onClick={() => remove(name)}
                />
              </div>
              <Form.Item name={[name, "lower_by"]} label={t("rings.lowerBy")}>
                <InputNumber min={0} max={9} precision={0} style={{ width: 130 }} />
              </Form.Item>
              <Form.Item name={[name, "drop"]} label={t("rings.drop")}>
                <Select
                  mode="tags"
                  placeholder={t("rings.dropNone")}
                  options={skills.map((skill) => ({ value: skill, label: skill }))}
                />
              </Form.Item>
              <Form.Item name={[name, "add_queues"]} label={t("rings.addQueues")}>
                <Select
                  mode="multiple"
                  optionFilterProp="label"
                  placeholder={t("rings.addNone")}
                  options={[...queues]}
                />
              </Form.Item>
              <Form.Item shouldUpdate noStyle>
                {({ getFieldError }) =>
                  getFieldError([...path, name, "after_s"]).map((error) => (
                    <p key={error} role="alert" className={styles.error}>
                      {error}
                    </p>
                  ))
                }
              </Form.Item>
            </fieldset>
          ))}
          <Form.Item shouldUpdate noStyle>
            {({ getFieldValue }) => (
              <Button
                type="dashed"
                icon={<Plus size={16} />}
                disabled={fields.length >= MOST}
                onClick={() => add(nextRing(getFieldValue(path) as Queue["rings"]))}
              >
                {t("rings.add")}
              </Button>
            )}
          </Form.Item>
        </div>
      )}
    </Form.List>
  );
}
