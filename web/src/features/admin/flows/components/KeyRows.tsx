import { Button, Form, Input, InputNumber, Select, Space } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type PanelField, TELEPHONE_KEYS } from "../model/kinds";

/** Keys of the telephone, each with what it means or scores. */
export function KeyRows({ field, label, hint }: { field: PanelField; label: string; hint: string }) {
  const { t } = useTranslation("flows");
  const isScore = field.kind === "scores";
  return (
    <Form.Item label={label} extra={hint} required>
      <Form.List
        name={["config", field.name]}
        rules={[
          {
            validator: async (_, rows: { key?: string }[] | undefined) => {
              const keys = (rows ?? []).map(({ key }) => key);
              if (keys.length < field.least) throw new Error(t("step.tooFewKeys", { count: field.least }));
              if (new Set(keys).size < keys.length) throw new Error(t("step.keyTwice"));
            },
          },
        ]}
      >
        {(rows, { add, remove }, { errors }) => (
          <>
            {rows.map(({ key, name }) => (
              <Space key={key} align="baseline" style={{ display: "flex" }}>
                <Form.Item name={[name, "key"]} rules={[{ required: true, message: t("step.missing") }]}>
                  <Select
                    aria-label={t("step.key")}
                    style={{ width: 72 }}
                    options={TELEPHONE_KEYS.map((value) => ({ value, label: value }))}
                  />
                </Form.Item>
                <Form.Item name={[name, "value"]} rules={[{ required: true, message: t("step.missing") }]}>
                  {isScore ? (
                    <InputNumber precision={0} min={1} max={field.most} aria-label={t("step.score")} />
                  ) : (
                    <Input maxLength={40} aria-label={t("step.means")} placeholder={t("step.means")} />
                  )}
                </Form.Item>
                <Button
                  type="text"
                  icon={<Trash2 size={16} />}
                  aria-label={t("step.removeKey")}
                  onClick={() => remove(name)}
                />
              </Space>
            ))}
            <div>
              <Button
                icon={<Plus size={14} />}
                disabled={rows.length >= TELEPHONE_KEYS.length}
                onClick={() => add({})}
              >
                {t("step.addKey")}
              </Button>
            </div>
            <Form.ErrorList errors={errors} />
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}
