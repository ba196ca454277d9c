import { Button, Form, type FormInstance, Input, Radio, Select, Space } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FileColumn, FileSources } from "./api";
import type { PlanForm } from "./form";
import { wordOf } from "./OutFields";

/** What comes in, which column becomes which field, and what is done with known and wrong rows. */
export function InFields({
  sources,
  form,
}: {
  sources: FileSources | undefined;
  form: FormInstance<PlanForm>;
}) {
  const { t } = useTranslation("file-exchange");
  const kinds = sources?.kinds ?? [];
  const kind = Form.useWatch("kind", form) ?? "customers";
  const fields = kinds.find((each) => each.code === kind)?.fields ?? [];
  return (
    <>
      <Form.Item name="kind" label={t("plan.kind")}>
        <Select options={kinds.map((each) => ({ value: each.code, label: wordOf(each) }))} />
      </Form.Item>
      <Form.Item name="mapping" label={t("plan.mapping")} extra={t("plan.mappingHint")}>
        <Pairs fields={fields} />
      </Form.Item>
      <Form.Item name="on_match" label={t("plan.onMatch")}>
        <Radio.Group
          options={(["skip", "change"] as const).map((value) => ({ value, label: t(`onMatch.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="on_problems" label={t("plan.onProblems")}>
        <Radio.Group
          options={(["import_rest", "refuse_file"] as const).map((value) => ({
            value,
            label: t(`onProblems.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="encoding" label={t("plan.encoding")}>
        <Select
          options={[
            { value: "", label: t("plan.guess") },
            ...(sources?.encodings ?? []).map((value) => ({ value, label: value })),
          ]}
        />
      </Form.Item>
    </>
  );
}

/** The list of columns; the item around it only shows what the server finds wrong. */
function Pairs({ fields }: { fields: readonly FileColumn[] }) {
  const { t } = useTranslation("file-exchange");
  return (
    <Form.List name="pairs">
      {(rows, { add, remove }) => (
        <Space orientation="vertical" style={{ width: "100%" }}>
          {rows.map(({ key, name }) => (
            <Space.Compact key={key} block>
              <Form.Item name={[name, "title"]} noStyle>
                <Input aria-label={t("plan.column", { row: name + 1 })} maxLength={200} />
              </Form.Item>
              <Form.Item name={[name, "field"]} noStyle>
                <Select
                  aria-label={t("plan.field", { row: name + 1 })}
                  showSearch={{ optionFilterProp: "label" }}
                  options={fields.map((each) => ({ value: each.code, label: wordOf(each) }))}
                  style={{ width: "100%" }}
                />
              </Form.Item>
              <Button
                icon={<Trash2 size={16} />}
                aria-label={t("plan.removePair", { row: name + 1 })}
                onClick={() => remove(name)}
              />
            </Space.Compact>
          ))}
          <Button icon={<Plus size={16} />} onClick={() => add({ title: "", field: undefined })}>
            {t("plan.addPair")}
          </Button>
        </Space>
      )}
    </Form.List>
  );
}
