import { Button, Form, Input } from "antd";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { PanelField } from "../model/kinds";
import { newRow } from "../model/panel";
import { PanelItem, type Place, useFieldWords } from "./PanelInput";
import styles from "./RowsField.module.css";

interface Props {
  field: PanelField;
  at: Place;
  within: Place;
}

/** A list of rows, each with the field's own columns; their order counts. */
export function RowsField({ field, at, within }: Props) {
  const { t } = useTranslation("flows");
  const { label, hint } = useFieldWords(field);
  const form = Form.useFormInstance();
  return (
    <Form.Item label={label} extra={hint} required={field.least > 0}>
      <Form.List
        name={within}
        rules={[
          {
            validator: async (_, rows: unknown[] | undefined) => {
              if ((rows?.length ?? 0) < field.least)
                throw new Error(t("step.tooFewRows", { count: field.least }));
            },
          },
        ]}
      >
        {(rows, { add, remove, move }, { errors }) => (
          <fieldset className={styles.rows} aria-label={label}>
            {rows.map(({ key, name }, index) => (
              <fieldset key={key} className={styles.row} aria-label={`${label} ${index + 1}`}>
                <div className={styles.head}>
                  <span aria-hidden>{index + 1}</span>
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowUp size={14} />}
                    aria-label={t("step.rowUp", { label, number: index + 1 })}
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  />
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowDown size={14} />}
                    aria-label={t("step.rowDown", { label, number: index + 1 })}
                    disabled={index === rows.length - 1}
                    onClick={() => move(index, index + 1)}
                  />
                  <Button
                    type="text"
                    size="small"
                    icon={<Trash2 size={14} />}
                    aria-label={t("step.removeRow", { label, number: index + 1 })}
                    onClick={() => remove(name)}
                  />
                </div>
                <Form.Item name={[name, "exit"]} hidden>
                  <Input />
                </Form.Item>
                <div className={styles.columns}>
                  {field.columns.map((column) => (
                    <PanelItem key={column.name} field={column} at={[...at, name]} within={[name]} />
                  ))}
                </div>
              </fieldset>
            ))}
            <Button
              icon={<Plus size={14} />}
              disabled={rows.length >= field.most}
              aria-label={t("step.addRowOf", { label })}
              onClick={() => add(newRow(field, form.getFieldValue(at)))}
            >
              {t("step.addRow")}
            </Button>
            <Form.ErrorList errors={errors} />
          </fieldset>
        )}
      </Form.List>
    </Form.Item>
  );
}
