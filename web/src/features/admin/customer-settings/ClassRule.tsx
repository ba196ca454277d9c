import { Button, Form, Input, InputNumber, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Card } from "@/ui/Page";
import { MoveButtons } from "../components/MoveButtons";
import styles from "./ClassRule.module.css";
import { type Condition, colours } from "./resources";
import { amounts, isAmount, words } from "./rules";

interface Props {
  /** the place in the form's list */
  place: number;
  number: number;
  isFirst: boolean;
  isLast: boolean;
  /** how many customers it would take; unknown while the rules are not whole */
  count: number | undefined;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One class with its rule: all conditions must hold; without any it takes whoever is left. */
export function ClassRule({ place, number, isFirst, isLast, count, onMove, onRemove }: Props) {
  const { t } = useTranslation(["customer-settings", "admin"]);
  const name = Form.useWatch(["classes", place, "name"]) || String(number);
  return (
    <Card>
      <div className={styles.head}>
        <Form.Item
          name={[place, "name"]}
          label={t("name")}
          rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name={[place, "name_en"]} label={t("nameEn")}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name={[place, "colour"]} label={t("colour")}>
          <Select options={colours.map((value) => ({ value, label: t(`colours.${value}`) }))} />
        </Form.Item>
        <strong className={styles.count}>{count === undefined ? "–" : t("classes.count", { count })}</strong>
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
      <Form.List name={[place, "conditions"]}>
        {(lines, { add, remove }) => (
          <>
            {lines.length === 0 && <p className={styles.hint}>{t("classes.everybody")}</p>}
            {lines.map((line, index) => (
              <div key={line.key} className={styles.condition}>
                <ConditionFields rule={place} place={line.name} />
                <Button
                  type="text"
                  icon={<Trash2 size={16} />}
                  aria-label={t("classes.removeCondition", { count: index + 1 })}
                  onClick={() => remove(line.name)}
                />
              </div>
            ))}
            {lines.length < 10 && (
              <Button
                size="small"
                icon={<Plus size={14} />}
                onClick={() => add({ field: "monthly_value", test: "at_least" })}
              >
                {t("classes.addCondition")}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </Card>
  );
}

function ConditionFields({ rule, place }: { rule: number; place: number }) {
  const { t } = useTranslation("customer-settings");
  const field = Form.useWatch<Condition["field"] | undefined>([
    "classes",
    rule,
    "conditions",
    place,
    "field",
  ]);
  return (
    <>
      <Form.Item name={[place, "field"]} noStyle>
        <Select
          aria-label={t("classes.field")}
          style={{ width: 150 }}
          options={[...words, ...amounts].map((value) => ({ value, label: t(`fields.${value}`) }))}
        />
      </Form.Item>
      {isAmount(field) ? (
        <>
          <Form.Item name={[place, "test"]} noStyle>
            <Select
              aria-label={t("classes.test")}
              style={{ width: 110 }}
              options={(["at_least", "at_most"] as const).map((value) => ({
                value,
                label: t(`tests.${value}`),
              }))}
            />
          </Form.Item>
          <Form.Item name={[place, "amount"]} noStyle>
            <InputNumber<string>
              stringMode
              precision={2}
              aria-label={t("classes.amount")}
              style={{ width: 160 }}
            />
          </Form.Item>
        </>
      ) : (
        <Form.Item name={[place, "values"]} noStyle>
          <Select
            mode={field === "kind" ? "multiple" : "tags"}
            aria-label={t("classes.values")}
            placeholder={t("classes.values")}
            style={{ minWidth: 240, flex: 1 }}
            options={
              field === "kind"
                ? (["person", "company"] as const).map((value) => ({ value, label: t(`kinds.${value}`) }))
                : []
            }
          />
        </Form.Item>
      )}
    </>
  );
}
