import { useQuery } from "@tanstack/react-query";
import { Form, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { allFlows, allHours, allQueues } from "../../model/queries";
import { contactClassesQuery, customerClassesQuery } from "../../routing/resources";
import type { PanelField } from "../model/kinds";
import { KeyRows } from "./KeyRows";
import { PromptChoice } from "./PromptChoice";
import { RowsField } from "./RowsField";

/** Longer texts are written in an area of several lines. */
const LONGEST_LINE = 1000;

export type Place = (string | number)[];

/** A field's words in the reader's language. */
export function useFieldWords(field: PanelField): { label: string; hint: string } {
  const isChinese = useTranslation().i18n.language === "zh";
  return isChinese
    ? { label: field.label, hint: field.hint }
    : { label: field.label_en, hint: field.hint_en };
}

interface Props {
  field: PanelField;
  /** what it stands beside, in the form and (`within`) in its list */
  at?: Place;
  within?: Place;
}

/** One field of a step, as its kind is chosen; asked only where what it depends on is so. */
export function PanelItem({ field, at = ["config"], within = at }: Props) {
  const words = useFieldWords(field);
  const form = Form.useFormInstance();
  const chosen: unknown = Form.useWatch([...at, field.shown_by], form);
  if (field.shown_by !== "" && !field.shown_for.includes(String(chosen))) return null;
  switch (field.kind) {
    case "keys":
    case "scores":
      return <KeyRows field={field} {...words} />;
    case "rows":
      return <RowsField field={field} at={[...at, field.name]} within={[...within, field.name]} />;
    default:
      return <SingleItem field={field} within={within} />;
  }
}

function SingleItem({ field, within }: { field: PanelField; within: Place }) {
  const { t } = useTranslation("flows");
  const { label, hint } = useFieldWords(field);
  const isSwitch = field.kind === "switch";
  return (
    <Form.Item
      name={[...within, field.name]}
      label={label}
      extra={hint}
      valuePropName={isSwitch ? "checked" : "value"}
      rules={[
        { required: field.is_required && !isSwitch, message: t("step.missing") },
        ...(field.kind === "number"
          ? [
              {
                type: "integer" as const,
                min: field.least,
                max: field.most,
                message: t("step.range", { min: field.least, max: field.most }),
              },
            ]
          : []),
        ...(field.kind === "value"
          ? [{ pattern: /^\s*[\p{L}_][\p{L}\p{N}_]{0,39}\s*$/u, message: t("step.badValueName") }]
          : []),
      ]}
    >
      <Entry field={field} />
    </Form.Item>
  );
}

/** Ant Design's form gives it its value. */
function Entry({ field, ...given }: { field: PanelField }) {
  const { t } = useTranslation("flows");
  switch (field.kind) {
    case "number":
      return (
        <InputNumber
          {...given}
          precision={0}
          style={{ width: 160 }}
          {...(field.unit === "s" && { suffix: t("step.seconds") })}
        />
      );
    case "text":
    case "template":
      if (field.most > LONGEST_LINE)
        return <Input.TextArea {...given} maxLength={field.most} rows={4} spellCheck={false} />;
      return <Input {...given} maxLength={field.most} />;
    case "value":
      return <Input {...given} maxLength={40} placeholder={t("step.valueName")} />;
    case "expression":
      return (
        <Input.TextArea
          {...given}
          maxLength={field.most}
          rows={3}
          style={{ fontFamily: "monospace" }}
          spellCheck={false}
        />
      );
    case "switch":
      return <Switch {...given} />;
    case "choice":
    case "customer_field":
    case "customer_key":
    case "http_service":
    case "payment_service":
    case "message_service":
    case "statement":
      return <OneOf {...given} field={field} />;
    case "prompt":
      return <PromptChoice {...given} isRequired={field.is_required} />;
    case "keys":
    case "scores":
    case "rows":
      return null;
    default:
      return <ChoiceOf {...given} kind={field.kind} isRequired={field.is_required} />;
  }
}

function OneOf({ field, ...given }: { field: PanelField }) {
  const isChinese = useTranslation().i18n.language === "zh";
  const options = field.choices.map(({ choice, name, name_en }) => ({
    value: choice,
    label: isChinese ? name : name_en,
  }));
  return (
    <Select
      {...given}
      options={options}
      allowClear={!field.is_required}
      showSearch={{ optionFilterProp: "label" }}
    />
  );
}

type Choosable = "queue" | "hours" | "class" | "customer_classes" | "flow";

/** What stands in the company's settings. Ant Design's form gives it its value. */
function ChoiceOf({ kind, isRequired, ...given }: { kind: Choosable; isRequired: boolean }) {
  const options = useChoices(kind);
  return (
    <Select
      {...given}
      loading={options === undefined}
      options={options ?? []}
      {...(kind === "customer_classes" && { mode: "multiple" as const })}
      allowClear={!isRequired}
      showSearch={{ optionFilterProp: "label" }}
    />
  );
}

function useChoices(kind: Choosable): { value: string | number; label: string }[] | undefined {
  const { i18n } = useTranslation();
  const queues = useQuery({ ...allQueues, enabled: kind === "queue" }).data;
  const hours = useQuery({ ...allHours, enabled: kind === "hours" }).data;
  const classes = useQuery({ ...contactClassesQuery, enabled: kind === "class" }).data;
  const customerClasses = useQuery({ ...customerClassesQuery, enabled: kind === "customer_classes" }).data;
  const flows = useQuery({ ...allFlows, enabled: kind === "flow" }).data;
  switch (kind) {
    case "flow":
      return flows
        ?.filter(({ version }) => version > 0)
        .map(({ id, name, version }) => ({ value: id, label: `${name} v${version}` }));
    case "queue":
      return queues?.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }));
    case "hours":
      return hours?.map(({ id, name }) => ({ value: id, label: name }));
    case "customer_classes":
      return customerClasses?.items.map(({ id, name }) => ({ value: id, label: name }));
    case "class":
      return classes?.classes.map((each) => ({ value: each.code, label: localName(each, i18n.language) }));
  }
}
