import { Select, Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { type Access, accessesOf, NAME_WIDTH, ROLE_WIDTH, withField } from "../model/matrix";
import type { GrantableField, Role } from "../model/queries";
import { useRoleChange } from "../model/useRoleChange";

interface Props {
  fields: readonly GrantableField[];
  roles: readonly Role[];
}

/** Fields down, roles across: hidden, masked, seen, or changed. */
export function FieldsTable({ fields, roles }: Props) {
  const { t, i18n } = useTranslation("roles");
  const wordOf = (field: GrantableField) => (i18n.language === "zh" ? field.zh : field.en);
  const columns: NonNullable<TableProps<GrantableField>["columns"]> = [
    {
      key: "field",
      title: t("field"),
      fixed: "start",
      width: NAME_WIDTH,
      render: (_, field) =>
        `${t(`subjects.${field.subject as "customer"}`, { defaultValue: field.subject })} · ${wordOf(field)}`,
    },
    ...roles.map((role) => ({
      key: role.code,
      title: localName(role, i18n.language),
      width: ROLE_WIDTH,
      render: (_: unknown, field: GrantableField) => (
        <FieldCell role={role} field={field} word={wordOf(field)} />
      ),
    })),
  ];
  return (
    <Table<GrantableField>
      aria-label={t("fields")}
      size="small"
      rowKey="code"
      columns={columns}
      dataSource={[...fields]}
      pagination={false}
      tableLayout="fixed"
      scroll={{ x: NAME_WIDTH + roles.length * ROLE_WIDTH }}
    />
  );
}

function FieldCell({ role, field, word }: { role: Role; field: GrantableField; word: string }) {
  const { t } = useTranslation("roles");
  const change = useRoleChange();
  const access = (role.fields[field.code] as Access | undefined) ?? "write";
  if (role.is_built_in) return t(`accesses.${access}`);
  return (
    <Select<Access>
      aria-label={t("cell", { role: role.name, right: word })}
      size="small"
      variant="filled"
      value={access}
      onChange={(next) => change(role, { fields: withField(role, field.code, next) })}
      style={{ width: 120 }}
      options={accessesOf(field).map((each) => ({ value: each, label: t(`accesses.${each}`) }))}
    />
  );
}
