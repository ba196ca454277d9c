import { useQuery } from "@tanstack/react-query";
import { Button, Form, InputNumber, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { contactClassesQuery } from "../routing/resources";
import type { TrialForm } from "./form";
import styles from "./RuleTrials.module.css";

/** Points of classes that are to be different. */
export function ClassDrafts() {
  const { t, i18n } = useTranslation(["rule-trials", "routing", "admin"]);
  const form = Form.useFormInstance<TrialForm>();
  const classes = useQuery(contactClassesQuery).data?.classes ?? [];
  const drafts = Form.useWatch("classes", form) ?? [];
  const choose = (place: number, code: string) => {
    const found = classes.find((one) => one.code === code);
    if (found)
      form.setFieldValue(["classes", place], {
        code,
        points: found.points,
        per_minute: found.per_minute,
        at_most: found.at_most,
      });
  };
  if (classes.length === 0) return <p className={styles.hint}>{t("form.noClasses")}</p>;
  return (
    <Form.List name="classes">
      {(rows, { add, remove }) => (
        <div className={styles.drafts}>
          {rows.map(({ key, name }) => (
            <div key={key} className={styles.head}>
              <Form.Item
                name={[name, "code"]}
                label={t("form.class")}
                rules={[{ required: true, message: t("admin:form.required") }]}
              >
                <Select
                  onChange={(code: string) => choose(name, code)}
                  options={classes.map((one) => ({
                    value: one.code,
                    label: localName({ name: one.name, name_en: one.name_en ?? "" }, i18n.language),
                    disabled: drafts.some((draft, at) => at !== name && draft?.code === one.code),
                  }))}
                />
              </Form.Item>
              <Form.Item name={[name, "points"]} label={t("routing:classes.points")}>
                <InputNumber min={-1000} max={1000} precision={0} />
              </Form.Item>
              <Form.Item name={[name, "per_minute"]} label={t("routing:classes.per_minute")}>
                <InputNumber min={0} max={1000} step={0.5} />
              </Form.Item>
              <Form.Item name={[name, "at_most"]} label={t("routing:classes.at_most")}>
                <InputNumber min={0} max={10_000} precision={0} />
              </Form.Item>
              <Button
                type="text"
                icon={<Trash2 size={16} />}
                aria-label={t("form.removeClass", { number: name + 1 })}
                onClick={() => remove(name)}
              />
            </div>
          ))}
          <Button
            type="dashed"
            icon={<Plus size={16} />}
            disabled={rows.length >= classes.length}
            onClick={() => add({})}
          >
            {t("form.addClass")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
