import { useQuery } from "@tanstack/react-query";
import { Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { classNamesQuery } from "../model/queries";

/** Where it stands among the others: its own priority, and the class whose claim grows with the wait. */
export function PriorityFields() {
  const { t, i18n } = useTranslation("interventions");
  const classes = useQuery(classNamesQuery).data ?? [];
  return (
    <>
      <Form.Item name="priority" label={t("priority")} extra={t("priorityHint")}>
        <InputNumber autoFocus min={-100} max={100} precision={0} />
      </Form.Item>
      {classes.length > 0 && (
        <Form.Item name="class_code" label={t("class")}>
          <Select
            options={[
              { value: "", label: t("noClass") },
              ...classes.map((one) => ({ value: one.code, label: localName(one, i18n.language) })),
            ]}
          />
        </Form.Item>
      )}
    </>
  );
}
