import { Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { type CareOptions, OCCASIONS, type Occasion } from "../model/queries";
import { BEFORE, DATED, OUTCOMES } from "../model/rule";
import styles from "./Fields.module.css";
import { useChoices } from "./useChoices";

/** When: the occasion, what it goes by, and how many days before or after. */
export function OccasionFields({ options }: { options: CareOptions | undefined }) {
  const { t } = useTranslation("care");
  const choices = useChoices();
  return (
    <>
      <div className={styles.row}>
        <Form.Item name="occasion" label={t("field.occasion")}>
          <Select options={OCCASIONS.map((value) => ({ value, label: t(`occasion.${value}`) }))} />
        </Form.Item>
        <Form.Item noStyle dependencies={["occasion"]}>
          {({ getFieldValue }) => {
            const isBefore = BEFORE.has(getFieldValue("occasion") as Occasion);
            return (
              <Form.Item name="days" label={t(isBefore ? "field.daysBefore" : "field.daysAfter")}>
                <InputNumber min={0} max={730} precision={0} style={{ width: "100%" }} />
              </Form.Item>
            );
          }}
        </Form.Item>
      </div>
      <Form.Item noStyle dependencies={["occasion"]}>
        {({ getFieldValue }) => {
          const occasion = getFieldValue("occasion") as Occasion;
          if (DATED.has(occasion))
            return (
              <Form.Item
                name="date_field"
                label={t("field.date")}
                extra={t("field.dateHint")}
                rules={[{ required: true, message: t("required") }]}
              >
                <Select options={choices<string>(options?.dates)} />
              </Form.Item>
            );
          if (occasion !== "after_contact" && occasion !== "after_follow_up")
            return <p className={styles.hint}>{t(`occasionHint.${occasion as "birthday"}`)}</p>;
          return (
            <>
              <p className={styles.hint}>{t(`occasionHint.${occasion}`)}</p>
              {occasion === "after_contact" && (
                <div className={styles.row}>
                  <Form.Item name="queues" label={t("field.queues")}>
                    <Select
                      mode="multiple"
                      options={choices<number>(options?.queues)}
                      placeholder={t("any")}
                      optionFilterProp="label"
                    />
                  </Form.Item>
                  <Form.Item name="dispositions" label={t("field.dispositions")}>
                    <Select
                      mode="multiple"
                      options={choices<number>(options?.dispositions)}
                      placeholder={t("any")}
                      optionFilterProp="label"
                    />
                  </Form.Item>
                </div>
              )}
              <Form.Item name="outcomes" label={t("field.outcomes")}>
                <Select
                  mode="multiple"
                  placeholder={t("any")}
                  options={OUTCOMES[occasion].map((value) => ({ value, label: t(`outcome.${value}`) }))}
                />
              </Form.Item>
            </>
          );
        }}
      </Form.Item>
    </>
  );
}
