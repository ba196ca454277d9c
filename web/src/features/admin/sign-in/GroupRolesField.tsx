import { Button, Form, Input, Select, Space } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

interface Option<Value> {
  value: Value;
  label: string;
}

interface Props {
  roles: readonly Option<string>[];
  teams: readonly Option<number>[];
}

/** Which group of the provider becomes which role and team; the first that fits counts. */
export function GroupRolesField({ roles, teams }: Props) {
  const { t } = useTranslation("sign-in");
  return (
    <Form.List name="group_roles">
      {(rows, { add, remove }) => (
        <Form.Item label={t("mapping.rules")}>
          {rows.map((row, index) => (
            <Space key={row.key} align="start" wrap>
              <Form.Item name={[row.name, "group"]} rules={[{ required: true }]}>
                <Input
                  aria-label={t("mapping.group", { number: index + 1 })}
                  placeholder={t("mapping.groupOf")}
                />
              </Form.Item>
              <Form.Item name={[row.name, "role"]} rules={[{ required: true }]}>
                <Select
                  aria-label={t("mapping.groupRole", { number: index + 1 })}
                  placeholder={t("mapping.role")}
                  options={[...roles]}
                  style={{ width: 140 }}
                />
              </Form.Item>
              <Form.Item name={[row.name, "team"]}>
                <Select
                  aria-label={t("mapping.groupTeam", { number: index + 1 })}
                  placeholder={t("mapping.team")}
                  allowClear
                  options={[...teams]}
                  style={{ width: 140 }}
                />
              </Form.Item>
              <Button
                type="text"
                icon={<Trash2 size={16} />}
                aria-label={t("mapping.removeGroup", { number: index + 1 })}
                onClick={() => remove(row.name)}
              />
            </Space>
          ))}
          <Button icon={<Plus size={16} />} onClick={() => add({ group: "", role: "agent" })}>
            {t("mapping.addGroup")}
          </Button>
        </Form.Item>
      )}
    </Form.List>
  );
}
