import { Form, Input, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { localName } from "@/lib/names";
import { RecordDrawer } from "../../components/RecordDrawer";
import {
  canBeSearched,
  canBeUnique,
  changeField,
  createField,
  type Field,
  hasOptions,
  kinds,
} from "../model/queries";
import { OptionsField } from "./OptionsField";
import { RulesFields } from "./RulesFields";

type Values = Omit<Schema<"FieldIn">, "subject">;

interface Props {
  /** null for a new one */
  row: Field | null;
  subject: string;
  onClose: () => void;
}

const FRESH: Partial<Values> = {
  kind: "text",
  is_searchable: true,
  options: [{ name: "", name_en: "" }] as never,
};

/** Make a field or change it: what it is called, what it may hold, and where it is found. */
export function FieldDrawer({ row, subject, onClose }: Props) {
  const { t, i18n } = useTranslation(["fields", "admin"]);
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row ? localName(row, i18n.language) : t("add")}
      width={560}
      initial={row ? toValues(row) : FRESH}
      save={(values) => {
        const body = toBody(values, row?.kind ?? values.kind);
        if (!row) return createField({ ...body, subject });
        const { kind: _, ...changes } = body;
        return changeField(row.id, changes);
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("name")}
        rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
        {...(row && { extra: t("codeKept", { code: row.code }) })}
      >
        <Input maxLength={60} autoFocus={!row} placeholder={t("nameExample")} />
      </Form.Item>
      <Form.Item name="name_en" label={t("admin:form.nameEn")} extra={t("admin:form.nameEnHint")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="kind" label={t("kind")} extra={row ? t("kindKept") : undefined}>
        <Select
          disabled={row !== null}
          showSearch={{ optionFilterProp: "label" }}
          options={kinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
        />
      </Form.Item>
      <ByKind row={row} />
      <Form.Item name="help" label={t("help")} extra={t("helpHint")}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="help_en" label={t("helpEn")}>
        <Input maxLength={300} />
      </Form.Item>
    </RecordDrawer>
  );
}

/** What depends on the kind: options, limits, and what the field can be used for. */
function ByKind({ row }: { row: Field | null }) {
  const { t } = useTranslation("fields");
  const kind = Form.useWatch<Field["kind"]>("kind") ?? row?.kind ?? "text";
  const flags = [
    "is_required",
    ...(canBeUnique(kind) ? (["is_unique"] as const) : []),
    ...(canBeSearched(kind) ? (["is_searchable"] as const) : []),
    "is_in_list",
  ] as const;
  return (
    <>
      {hasOptions(kind) && <OptionsField />}
      <RulesFields kind={kind} />
      {flags.map((flag) => (
        <Form.Item
          key={flag}
          name={flag}
          label={t(`flags.${flag}`)}
          extra={t(`flags.${flag}_hint`)}
          valuePropName="checked"
          layout="horizontal"
          colon={false}
        >
          <Switch />
        </Form.Item>
      ))}
    </>
  );
}

function toValues(row: Field): Partial<Values> {
  const { name, name_en, kind, help, help_en, is_required, is_unique, is_searchable, is_in_list, rules } =
    row;
  return {
    ...{ name, name_en, kind, help, help_en, is_required, is_unique, is_searchable, is_in_list, rules },
    options: row.options,
    default: row.default,
  };
}

/** Only what fits the kind is sent. */
function toBody(values: Values, kind: Field["kind"]): Values {
  const { options, ...rest } = values;
  return {
    ...rest,
    kind,
    is_unique: canBeUnique(kind) && (values.is_unique ?? false),
    is_searchable: canBeSearched(kind) && (values.is_searchable ?? false),
    options: hasOptions(kind)
      ? (options ?? []).map((option) => ({ ...option, name_en: option.name_en ?? "" }))
      : [],
  };
}
