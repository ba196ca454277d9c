import { Button, Form, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import styles from "./Fields.module.css";

type Condition = Schema<"ConditionIn">;

const FIELDS: readonly Condition["field"][] = [
  "level",
  "tag",
  "product",
  "service",
  "type",
  "kind",
  "gender",
  "company",
  "monthly_value",
  "arrears",
];
const OPERATORS: readonly Condition["operator"][] = ["is", "is_not", "contains", "at_least", "at_most"];
const CHOICES: Partial<Record<Condition["field"], readonly string[]>> = {
  level: ["ordinary", "important", "vip"],
  kind: ["person", "company"],
  gender: ["female", "male", "unknown"],
};
const NUMBERS: ReadonlySet<string> = new Set(["monthly_value", "arrears"]);

/** Whom something is offered to: conditions that must all hold, each with one or more values of which one must fit. */
export function ConditionsField() {
  const { t } = useTranslation(["assistance", "admin"]);
  return (
    <Form.List name="conditions">
      {(fields, { add, remove }) => (
        <div className={styles.rows}>
          {fields.map(({ key, name }, at) => (
            <fieldset key={key} className={styles.row}>
              <legend className={styles.legend}>{t("conditions.nth", { n: at + 1 })}</legend>
              <Form.Item name={[name, "field"]} label={t("conditions.field")}>
                <Select options={FIELDS.map((value) => ({ value, label: t(`fields.${value}`) }))} />
              </Form.Item>
              <Form.Item name={[name, "operator"]} label={t("conditions.operator")}>
                <Select options={OPERATORS.map((value) => ({ value, label: t(`operators.${value}`) }))} />
              </Form.Item>
              <Form.Item noStyle dependencies={[["conditions", name, "field"]]}>
                {({ getFieldValue }) => {
                  const field = getFieldValue(["conditions", name, "field"]) as Condition["field"];
                  return (
                    <Form.Item
                      name={[name, "values"]}
                      label={t("conditions.values")}
                      extra={NUMBERS.has(field) ? t("conditions.numberHint") : t("conditions.valuesHint")}
                      rules={[{ required: true, message: t("admin:form.required") }]}
                    >
                      <Select
                        mode="tags"
                        maxCount={20}
                        options={(CHOICES[field] ?? []).map((value) => ({
                          value,
                          label: t(`values.${value as "vip"}`),
                        }))}
                      />
                    </Form.Item>
                  );
                }}
              </Form.Item>
              <Button icon={<Trash2 size={16} />} onClick={() => remove(name)}>
                {t("conditions.remove", { n: at + 1 })}
              </Button>
            </fieldset>
          ))}
          <Button
            icon={<Plus size={16} />}
            disabled={fields.length >= 10}
            onClick={() => add({ field: "level", operator: "is", values: [] })}
          >
            {t("conditions.add")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
