import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Select, Space } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { allHours, allPrompts, allQueues } from "../../model/queries";
import { contactClassesQuery } from "../../routing/resources";
import { type PanelField, TELEPHONE_KEYS } from "../model/kinds";

/** One field of a step, as its kind is chosen. */
export function PanelItem({ field }: { field: PanelField }) {
  const { t, i18n } = useTranslation("flows");
  const isChinese = i18n.language === "zh";
  const label = isChinese ? field.label : field.label_en;
  if (field.kind === "keys" || field.kind === "scores")
    return <KeyRows field={field} label={label} hint={isChinese ? field.hint : field.hint_en} />;
  const isNumber = field.kind === "number";
  return (
    <Form.Item
      name={["config", field.name]}
      label={label}
      extra={isChinese ? field.hint : field.hint_en}
      rules={[
        { required: field.is_required, message: t("step.missing") },
        ...(isNumber
          ? [
              {
                type: "integer" as const,
                min: field.least,
                max: field.most,
                message: t("step.range", { min: field.least, max: field.most }),
              },
            ]
          : []),
      ]}
    >
      {field.kind === "number" ? (
        <InputNumber
          precision={0}
          style={{ width: 160 }}
          {...(field.unit === "s" && { suffix: t("step.seconds") })}
        />
      ) : field.kind === "text" ? (
        <Input maxLength={field.most} />
      ) : (
        <ChoiceOf kind={field.kind} isRequired={field.is_required} />
      )}
    </Form.Item>
  );
}

type Choosable = "prompt" | "queue" | "hours" | "class";

/** What stands in the company's settings. Ant Design's form gives it its value. */
function ChoiceOf({ kind, isRequired, ...given }: { kind: Choosable; isRequired: boolean }) {
  const options = useChoices(kind);
  return (
    <Select
      {...given}
      loading={options === undefined}
      options={options ?? []}
      allowClear={!isRequired}
      showSearch={{ optionFilterProp: "label" }}
    />
  );
}

function useChoices(kind: Choosable): { value: string | number; label: string }[] | undefined {
  const { i18n } = useTranslation();
  const prompts = useQuery({ ...allPrompts, enabled: kind === "prompt" }).data;
  const queues = useQuery({ ...allQueues, enabled: kind === "queue" }).data;
  const hours = useQuery({ ...allHours, enabled: kind === "hours" }).data;
  const classes = useQuery({ ...contactClassesQuery, enabled: kind === "class" }).data;
  switch (kind) {
    case "prompt":
      return prompts?.map(({ key, texts }) => {
        const text = texts[i18n.language] ?? texts.zh;
        return { value: key, label: text ? `${key}: ${text}` : key };
      });
    case "queue":
      return queues?.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }));
    case "hours":
      return hours?.map(({ id, name }) => ({ value: id, label: name }));
    case "class":
      return classes?.classes.map((each) => ({ value: each.code, label: localName(each, i18n.language) }));
  }
}

/** Keys of the telephone, each with what it means or scores. */
function KeyRows({ field, label, hint }: { field: PanelField; label: string; hint: string }) {
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
