import { Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { type FieldKind, isAmount } from "../model/queries";
import styles from "./RulesFields.module.css";

const CURRENCIES = ["CNY", "HKD", "USD", "EUR", "JPY", "GBP"];
const WIDE = { width: "100%" };

/** What a value must be beside its kind. */
export function RulesFields({ kind }: { kind: FieldKind }) {
  const { t } = useTranslation("fields");
  if (isAmount(kind))
    return (
      <div className={styles.row}>
        <Form.Item
          name={["rules", "decimals"]}
          label={t("rules.decimals")}
          initialValue={kind === "money" ? 2 : 0}
        >
          <InputNumber min={0} max={6} precision={0} style={WIDE} />
        </Form.Item>
        <Form.Item name={["rules", "minimum"]} label={t("rules.minimum")}>
          <InputNumber style={WIDE} />
        </Form.Item>
        <Form.Item name={["rules", "maximum"]} label={t("rules.maximum")}>
          <InputNumber style={WIDE} />
        </Form.Item>
        {kind === "money" && (
          <Form.Item name={["rules", "currency"]} label={t("rules.currency")} initialValue="CNY">
            <Select options={CURRENCIES.map((value) => ({ value, label: value }))} />
          </Form.Item>
        )}
      </div>
    );
  if (kind !== "text" && kind !== "long_text") return null;
  return (
    <>
      <Form.Item name={["rules", "max_length"]} label={t("rules.maxLength")}>
        <InputNumber min={1} max={kind === "text" ? 500 : 5000} precision={0} style={WIDE} />
      </Form.Item>
      {kind === "text" && (
        <>
          <Form.Item name={["rules", "pattern"]} label={t("rules.pattern")} extra={t("rules.patternHint")}>
            <Input maxLength={200} spellCheck={false} placeholder="SN-9999-AA" />
          </Form.Item>
          <div className={styles.row}>
            <Form.Item name={["rules", "pattern_words"]} label={t("rules.words")}>
              <Input maxLength={60} placeholder={t("rules.wordsExample")} />
            </Form.Item>
            <Form.Item name={["rules", "pattern_words_en"]} label={t("rules.wordsEn")}>
              <Input maxLength={60} />
            </Form.Item>
          </div>
        </>
      )}
    </>
  );
}
