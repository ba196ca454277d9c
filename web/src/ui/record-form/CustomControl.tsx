import { DatePicker, Input, InputNumber, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { instantOf, wallOf } from "@/lib/days";
import { localName } from "@/lib/names";
import { choosable, type FieldDefinition } from "./model";

export interface UserOption {
  value: number;
  label: string;
}

interface Props {
  field: FieldDefinition;
  /** What the record has until now: a retired option stays choosable for it. */
  stored: unknown;
  users: readonly UserOption[];
  isReadOnly: boolean;
  /** Given by the form item. */
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
}

const WIDE = { width: "100%" };

/** The control for one custom field, by its kind. Gives values as the API takes them, null for nothing. */
export function CustomControl({ field, stored, users, isReadOnly, id, value, onChange }: Props) {
  const { t, i18n } = useTranslation("record-form");
  const zone = useTimeZone();
  const shared = { ...(id && { id }), disabled: isReadOnly };
  const change = (next: unknown) => onChange?.(next ?? null);
  const text = typeof value === "string" ? value : "";
  switch (field.kind) {
    case "long_text":
      return (
        <Input.TextArea
          {...shared}
          rows={3}
          value={text}
          maxLength={field.rules.max_length ?? 5000}
          onChange={(event) => change(event.target.value)}
        />
      );
    case "number":
    case "money":
      return (
        <InputNumber<number>
          {...shared}
          style={WIDE}
          value={typeof value === "number" ? value : null}
          precision={field.rules.decimals}
          {...(field.rules.minimum !== null && { min: field.rules.minimum })}
          {...(field.rules.maximum !== null && { max: field.rules.maximum })}
          {...(field.kind === "money" && { prefix: currencySign(field.rules.currency) })}
          onChange={change}
        />
      );
    case "date":
      return (
        <DatePicker
          {...shared}
          style={WIDE}
          value={text ? dayjs(text) : null}
          onChange={(day: Dayjs | null) => change(day?.format("YYYY-MM-DD"))}
        />
      );
    case "date_time":
      return (
        <Input
          {...shared}
          type="datetime-local"
          value={text ? wallOf(Date.parse(text), zone) : ""}
          onChange={(event) => change(event.target.value ? instantOf(event.target.value, zone) : null)}
        />
      );
    case "yes_no":
      return (
        <Select
          {...shared}
          value={typeof value === "boolean" ? value : null}
          allowClear
          options={[
            { value: true, label: t("yes") },
            { value: false, label: t("no") },
          ]}
          onChange={change}
        />
      );
    case "choice":
    case "choices":
      return (
        <Select
          {...shared}
          {...(field.kind === "choices" && { mode: "multiple" as const })}
          value={(value ?? (field.kind === "choices" ? [] : null)) as string}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          options={choosable(field, stored).map((option) => ({
            value: option.code,
            label: localName(option, i18n.language),
          }))}
          onChange={change}
        />
      );
    case "user":
      return (
        <Select
          {...shared}
          value={typeof value === "number" ? value : null}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          options={[...users]}
          onChange={change}
        />
      );
    default:
      return (
        <Input
          {...shared}
          value={text}
          maxLength={field.rules.max_length ?? 500}
          inputMode={
            ({ telephone: "tel", email: "email", link: "url" } as const)[field.kind as "email"] ?? "text"
          }
          onChange={(event) => change(event.target.value)}
        />
      );
  }
}

function currencySign(currency: string): string {
  const parts = new Intl.NumberFormat("zh-CN", { style: "currency", currency }).formatToParts(0);
  return parts.find((part) => part.type === "currency")?.value ?? currency;
}
