import { Button, Form, Input } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { toDialable } from "@/lib/numbers";
import styles from "./CustomerFieldItems.module.css";

const MOST = 20;

/** The numbers by which a customer is known; the first is the one that lists show. */
export function NumbersField({ isReadOnly = false }: { isReadOnly?: boolean }) {
  const { t } = useTranslation("customers");
  return (
    <Form.List name="numbers">
      {(lines, { add, remove }) => (
        <Form.Item label={t("field.numbers")} extra={<p className={styles.hint}>{t("form.numbersHint")}</p>}>
          {lines.map((line, index) => (
            <div key={line.key} className={styles.number}>
              <Form.Item name={[line.name, "id"]} hidden>
                <Input />
              </Form.Item>
              <Form.Item
                name={[line.name, "typed"]}
                style={{ flex: 1, marginBottom: 8 }}
                rules={[
                  {
                    validator: (_, typed: string) =>
                      !typed?.trim() || toDialable(typed) !== null || typed.includes("*")
                        ? Promise.resolve()
                        : Promise.reject(new Error(t("form.badNumber"))),
                  },
                ]}
              >
                <Input
                  inputMode="tel"
                  maxLength={32}
                  autoComplete="off"
                  disabled={isReadOnly}
                  aria-label={t("form.number", { count: index + 1 })}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<Trash2 size={16} />}
                disabled={isReadOnly}
                aria-label={t("form.removeNumber", { count: index + 1 })}
                onClick={() => remove(line.name)}
              />
            </div>
          ))}
          {lines.length < MOST && !isReadOnly && (
            <Button type="dashed" icon={<Plus size={16} />} onClick={() => add({ typed: "" })}>
              {t("form.addNumber")}
            </Button>
          )}
        </Form.Item>
      )}
    </Form.List>
  );
}
