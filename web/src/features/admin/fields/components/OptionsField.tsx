import { Button, Form, Input } from "antd";
import { ArchiveX, ArrowDown, ArrowUp, Plus, RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./OptionsField.module.css";

interface OptionValue {
  code?: string;
  name?: string;
  is_retired?: boolean;
}

/** The options of a choice: named in both languages, put in order. A stored one is retired, never lost. */
export function OptionsField() {
  const { t } = useTranslation("fields");
  const form = Form.useFormInstance();
  return (
    <Form.List
      name="options"
      rules={[
        {
          validator: async (_, options: OptionValue[] | undefined) => {
            if (!options?.some((option) => !option?.is_retired)) throw new Error(t("options.missing"));
          },
        },
      ]}
    >
      {(rows, { add, remove, move }, { errors }) => (
        <fieldset className={styles.options}>
          <legend>{t("options.label")}</legend>
          <p className={styles.hint}>{t("options.hint")}</p>
          {rows.map((row, index) => {
            const option = form.getFieldValue(["options", row.name]) as OptionValue | undefined;
            const number = index + 1;
            return (
              <div key={row.key} className={styles.option} data-retired={option?.is_retired || undefined}>
                <Form.Item
                  name={[row.name, "name"]}
                  className={styles.name ?? ""}
                  rules={[{ required: true, whitespace: true, message: t("options.nameMissing") }]}
                >
                  <Input
                    maxLength={60}
                    placeholder={t("options.name")}
                    aria-label={t("options.nameOf", { number })}
                    disabled={option?.is_retired ?? false}
                  />
                </Form.Item>
                <Form.Item name={[row.name, "name_en"]} className={styles.name ?? ""}>
                  <Input
                    maxLength={60}
                    placeholder={t("options.nameEn")}
                    aria-label={t("options.nameEnOf", { number })}
                    disabled={option?.is_retired ?? false}
                  />
                </Form.Item>
                <span className={styles.actions}>
                  <Button
                    type="text"
                    size="small"
                    disabled={index === 0}
                    aria-label={t("options.up", { number })}
                    icon={<ArrowUp size={15} />}
                    onClick={() => move(index, index - 1)}
                  />
                  <Button
                    type="text"
                    size="small"
                    disabled={index === rows.length - 1}
                    aria-label={t("options.down", { number })}
                    icon={<ArrowDown size={15} />}
                    onClick={() => move(index, index + 1)}
                  />
                  {option?.code ? (
                    <Button
                      type="text"
                      size="small"
                      aria-label={t(option.is_retired ? "options.restore" : "options.retire", { number })}
                      title={t(option.is_retired ? "options.restoreHint" : "options.retireHint")}
                      icon={option.is_retired ? <RotateCcw size={15} /> : <ArchiveX size={15} />}
                      onClick={() =>
                        form.setFieldValue(["options", row.name], {
                          ...option,
                          is_retired: !option.is_retired,
                        })
                      }
                    />
                  ) : (
                    <Button
                      type="text"
                      size="small"
                      aria-label={t("options.remove", { number })}
                      icon={<Trash2 size={15} />}
                      onClick={() => remove(row.name)}
                    />
                  )}
                </span>
              </div>
            );
          })}
          <Form.ErrorList errors={errors} />
          <Button type="dashed" icon={<Plus size={15} />} onClick={() => add({ name: "", name_en: "" })}>
            {t("options.add")}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}
