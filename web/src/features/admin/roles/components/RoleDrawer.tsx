import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../../components/RecordDrawer";
import { changeRole, createRole, type Role } from "../model/queries";

interface Values {
  name: string;
  name_en?: string;
  note?: string;
}

interface Props {
  /** null: a new one */
  edited: Role | null;
  /** whose rights the new one begins with */
  copyOf: Role | null;
  onClose: () => void;
}

/** Name a role. What it may do is set in the matrix. */
export function RoleDrawer({ edited, copyOf, onClose }: Props) {
  const { t } = useTranslation("roles");
  const save = ({ name, name_en = "", note = "" }: Values) =>
    edited
      ? changeRole(edited.id, { name, name_en, note })
      : createRole({ name, name_en, note, copy_of: copyOf?.code ?? "" });
  return (
    <RecordDrawer<Values>
      title={edited ? edited.name : copyOf ? t("copyOf", { name: copyOf.name }) : t("add")}
      initial={edited ?? (copyOf ? { name: t("copyName", { name: copyOf.name }) } : {})}
      save={save}
      onClose={onClose}
    >
      <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("required") }]}>
        <Input maxLength={60} autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="name_en" label={t("nameEn")}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item name="note" label={t("note")}>
        <Input.TextArea maxLength={300} rows={2} />
      </Form.Item>
    </RecordDrawer>
  );
}
