import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Select, Switch } from "antd";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { Card } from "@/ui/Page";
import { MoveButtons } from "../components/MoveButtons";
import { allNumbers } from "../model/queries";
import styles from "./Routing.module.css";
import { customerClassesQuery } from "./resources";

interface Props {
  place: number;
  /** It is stored: its code stays. */
  isKnown: boolean;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One class: whom it is for, and what claim its callers have. */
export function ClassCard({ place, isKnown, isFirst, isLast, onMove, onRemove }: Props) {
  const { t, i18n } = useTranslation(["routing", "admin"]);
  const customerClasses = useQuery(customerClassesQuery);
  const numbers = useQuery(allNumbers);
  const name = Form.useWatch(["classes", place, "name"]) || String(place + 1);
  const hasTarget = Form.useWatch(["classes", place, "target_s"]) != null;
  const required = [{ required: true, whitespace: true, message: t("admin:form.required") }];
  const number = (field: string, min: number, max: number, step = 1) => (
    <Form.Item
      name={[place, field]}
      label={t(`classes.${field}`)}
      tooltip={t(`classes.${field}Hint`)}
      rules={[{ required: true, message: t("admin:form.required") }]}
    >
      <InputNumber min={min} max={max} step={step} style={{ width: "100%" }} />
    </Form.Item>
  );
  return (
    <Card>
      <section aria-label={name}>
        <div className={styles.head}>
          <Form.Item name={[place, "name"]} label={t("classes.name")} rules={required}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name={[place, "name_en"]} label={t("classes.nameEn")}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item
            name={[place, "code"]}
            label={t("classes.code")}
            tooltip={t("classes.codeHint")}
            rules={[...required, { pattern: /^[a-z][a-z0-9_]{0,39}$/, message: t("classes.codeBad") }]}
          >
            <Input maxLength={40} disabled={isKnown} />
          </Form.Item>
          <span className={styles.actions}>
            <MoveButtons name={name} isFirst={isFirst} isLast={isLast} onMove={onMove} />
            <Button
              type="text"
              size="small"
              icon={<Trash2 size={16} />}
              aria-label={t("classes.remove", { name })}
              onClick={onRemove}
            />
          </span>
        </div>
        <p className={styles.hint}>{t("classes.whom")}</p>
        <div className={styles.whom}>
          <Form.Item name={[place, "is_for_vips"]} label={t("classes.vips")} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item name={[place, "customer_classes"]} label={t("classes.customerClasses")}>
            <Select
              mode="multiple"
              optionFilterProp="label"
              loading={customerClasses.isPending}
              options={(customerClasses.data?.items ?? []).map((one) => ({
                value: one.id,
                label: localName(one, i18n.language),
              }))}
            />
          </Form.Item>
          <Form.Item name={[place, "entries"]} label={t("classes.entries")}>
            <Select
              mode="multiple"
              loading={numbers.isPending}
              options={(numbers.data ?? []).map((one) => ({ value: one.number, label: one.number }))}
            />
          </Form.Item>
        </div>
        <div className={styles.head}>
          {number("points", -1000, 1000)}
          {number("per_minute", 0, 1000, 0.5)}
          {number("at_most", 0, 10_000)}
          <Form.Item
            name={[place, "target_s"]}
            label={t("classes.target_s")}
            tooltip={t("classes.target_sHint")}
          >
            <InputNumber
              min={1}
              max={86_400}
              precision={0}
              suffix={t("admin:form.seconds")}
              style={{ width: "100%" }}
            />
          </Form.Item>
          <Form.Item
            name={[place, "target_pct"]}
            label={t("classes.target_pct")}
            tooltip={t("classes.target_pctHint")}
            hidden={!hasTarget}
          >
            <InputNumber min={0} max={100} precision={0} suffix="%" style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item
            name={[place, "is_hard"]}
            label={t("classes.hard")}
            tooltip={t("classes.hardHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </div>
      </section>
    </Card>
  );
}
