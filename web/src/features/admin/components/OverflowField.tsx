import { useQuery } from "@tanstack/react-query";
import { Button, Form, InputNumber, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Queue } from "../model/api";
import { ACTIONS, CONDITIONS, needOf, nextStep, unitOf } from "../model/overflow";
import { allPrompts } from "../model/queries";
import styles from "./RingsField.module.css";

const MOST = 8;

interface Props {
  /** Queues that a step may add or move to. */
  queues: readonly { value: number; label: string }[];
}

/** What happens to callers who would wait too long: steps, each with its condition and its action. */
export function OverflowField({ queues }: Props) {
  const { t, i18n } = useTranslation("admin");
  const prompts = useQuery(allPrompts);
  const spoken = (prompts.data ?? []).map(({ key, texts }) => ({
    value: key,
    label: [key, texts[i18n.language] ?? texts.zh].filter(Boolean).join(" · "),
  }));
  return (
    <Form.List name="overflow">
      {(fields, { add, remove }) => (
        <div className={styles.rings}>
          {fields.map(({ key, name }) => (
            <fieldset key={key} className={styles.ring} aria-label={t("overflow.step", { number: name + 1 })}>
              <div className={styles.head}>
                <span>{t("overflow.step", { number: name + 1 })}</span>
                <Button
                  type="text"
                  icon={<X size={16} />}
                  aria-label={t("overflow.remove", { number: name + 1 })}
                  onClick={() => remove(name)}
                />
              </div>
              <Form.Item name={[name, "condition"]} label={t("overflow.condition")}>
                <Select
                  options={CONDITIONS.map((each) => ({
                    value: each,
                    label: t(`overflow.conditions.${each}`),
                  }))}
                />
              </Form.Item>
              <Form.Item noStyle dependencies={[["overflow", name, "condition"]]}>
                {({ getFieldValue }) => {
                  const unit = unitOf(getFieldValue(["overflow", name, "condition"]) as undefined);
                  return (
                    unit && (
                      <Form.Item
                        name={[name, "threshold"]}
                        label={t(`overflow.thresholds.${unit}`)}
                        rules={[{ required: true, message: t("form.required") }]}
                      >
                        <InputNumber
                          min={1}
                          max={86_400}
                          precision={0}
                          suffix={unit === "seconds" ? t("form.seconds") : t("overflow.callers")}
                          style={{ width: 160 }}
                        />
                      </Form.Item>
                    )
                  );
                }}
              </Form.Item>
              <Form.Item name={[name, "action"]} label={t("overflow.action")}>
                <Select
                  options={ACTIONS.map((each) => ({ value: each, label: t(`overflow.actions.${each}`) }))}
                />
              </Form.Item>
              <Form.Item noStyle dependencies={[["overflow", name, "action"]]}>
                {({ getFieldValue }) => {
                  const need = needOf(getFieldValue(["overflow", name, "action"]) as undefined);
                  return (
                    need && (
                      <Form.Item
                        key={need}
                        name={[name, need]}
                        label={t(`overflow.needs.${need}`)}
                        rules={[{ required: true, message: t("form.required") }]}
                      >
                        <Select<number | string, { value: number | string; label: string }>
                          showSearch={{ optionFilterProp: "label" }}
                          {...(need === "prompt" && { loading: prompts.isPending })}
                          options={need === "queue" ? [...queues] : spoken}
                        />
                      </Form.Item>
                    )
                  );
                }}
              </Form.Item>
            </fieldset>
          ))}
          <Form.Item shouldUpdate noStyle>
            {({ getFieldValue }) => (
              <Button
                type="dashed"
                icon={<Plus size={16} />}
                disabled={fields.length >= MOST}
                onClick={() => add(nextStep(getFieldValue("overflow") as Queue["overflow"]))}
              >
                {t("overflow.add")}
              </Button>
            )}
          </Form.Item>
        </div>
      )}
    </Form.List>
  );
}
