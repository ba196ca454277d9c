import { Button, Form, Input, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./CustomerFieldItems.module.css";

const MOST = 20;
const USES = ["home", "work", "delivery", "other"] as const;
const PLACES = [
  ["province", 40],
  ["city", 40],
  ["district", 40],
] as const;

/** Where a customer lives, works or receives things; the first is the one that is shown where there is little room. */
export function AddressesField({ label, isReadOnly }: { label: string; isReadOnly: boolean }) {
  const { t } = useTranslation("customers");
  return (
    <Form.List name="addresses">
      {(lines, { add, remove }) => (
        <Form.Item label={label}>
          {lines.map((line, index) => (
            <fieldset key={line.key} className={styles.address} disabled={isReadOnly}>
              <legend className="visually-hidden">{t("address.nth", { count: index + 1 })}</legend>
              <Form.Item name={[line.name, "use"]} noStyle>
                <Select
                  aria-label={t("address.use")}
                  disabled={isReadOnly}
                  options={USES.map((value) => ({ value, label: t(`address.uses.${value}`) }))}
                />
              </Form.Item>
              {PLACES.map(([part, most]) => (
                <Form.Item key={part} name={[line.name, part]} noStyle>
                  <Input
                    maxLength={most}
                    placeholder={t(`address.${part}`)}
                    aria-label={t(`address.${part}`)}
                  />
                </Form.Item>
              ))}
              <Form.Item name={[line.name, "line"]} noStyle>
                <Input
                  maxLength={300}
                  placeholder={t("address.line")}
                  aria-label={t("address.line")}
                  className={styles.wide ?? ""}
                />
              </Form.Item>
              <Form.Item name={[line.name, "postcode"]} noStyle>
                <Input
                  maxLength={12}
                  placeholder={t("address.postcode")}
                  aria-label={t("address.postcode")}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<Trash2 size={16} />}
                disabled={isReadOnly}
                aria-label={t("address.remove", { count: index + 1 })}
                onClick={() => remove(line.name)}
              />
            </fieldset>
          ))}
          {lines.length < MOST && !isReadOnly && (
            <Button type="dashed" icon={<Plus size={16} />} onClick={() => add({ use: "home" })}>
              {t("address.add")}
            </Button>
          )}
        </Form.Item>
      )}
    </Form.List>
  );
}
