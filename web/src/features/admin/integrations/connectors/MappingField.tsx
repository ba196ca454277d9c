import { AutoComplete, Button, Form, Input, Space } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

const FIELDS = [
  "name",
  "number",
  "email",
  "company",
  "note",
  "hobbies",
  "type",
  "service",
  "monthly_value",
  "arrears",
];

/** Which value of the other system fills which field of a customer here. */
export function MappingField() {
  const { t } = useTranslation("integrations");
  return (
    <Form.Item label={t("connectors.mapping")} extra={t("connectors.mappingHint")}>
      <Form.List name="mapping">
        {(rows, { add, remove }) => (
          <Space orientation="vertical" style={{ width: "100%" }}>
            {rows.map(({ key, name }) => (
              <Space.Compact key={key} block>
                <Form.Item name={[name, "pointer"]} noStyle>
                  <Input
                    aria-label={t("connectors.pointer", { row: name + 1 })}
                    placeholder="/phoneNumber"
                    maxLength={200}
                    spellCheck={false}
                  />
                </Form.Item>
                <Form.Item name={[name, "field"]} noStyle>
                  <AutoComplete
                    aria-label={t("connectors.field", { row: name + 1 })}
                    options={FIELDS.map((value) => ({ value }))}
                    placeholder="number"
                    style={{ width: "100%" }}
                  />
                </Form.Item>
                <Button
                  icon={<Trash2 size={16} />}
                  aria-label={t("connectors.removePair", { row: name + 1 })}
                  onClick={() => remove(name)}
                />
              </Space.Compact>
            ))}
            <Button icon={<Plus size={16} />} onClick={() => add({ pointer: "", field: "" })}>
              {t("connectors.addPair")}
            </Button>
          </Space>
        )}
      </Form.List>
    </Form.Item>
  );
}
