import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../../components/RecordDrawer";
import { allUsers } from "../../model/queries";
import { changeDepartment, createDepartment, type Department, type Organisation } from "../model/queries";
import { pathName, possibleParents } from "../model/tree";

interface Values {
  name: string;
  parent?: number | null;
  head?: number | null;
}

interface Props {
  organisation: Organisation;
  /** null: a new one, below `parent` */
  department: Department | null;
  parent: number | null;
  onClose: () => void;
}

/** Make a department, rename it, give it a head, or move it below another. */
export function DepartmentDrawer({ organisation, department, parent, onClose }: Props) {
  const { t } = useTranslation("organisation");
  const users = useQuery(allUsers);
  const { departments } = organisation;
  const save = ({ name, parent: below = null, head = null }: Values) => {
    if (!department) return createDepartment({ name, parent: below, head });
    const isMoved = below !== department.parent;
    return changeDepartment(department.id, { name, head, ...(isMoved && { parent: below }) });
  };
  return (
    <RecordDrawer<Values>
      key={department?.id ?? "new"}
      title={department ? department.name : t("addDepartment")}
      initial={department ?? { parent }}
      save={save}
      onClose={onClose}
    >
      <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("required") }]}>
        <Input maxLength={100} autoFocus={!department} autoComplete="off" />
      </Form.Item>
      <Form.Item name="parent" label={t("parent")} extra={t("parentHint")}>
        <Select
          allowClear
          placeholder={t("top")}
          showSearch={{ optionFilterProp: "label" }}
          options={possibleParents(departments, department?.id ?? null).map(({ id }) => ({
            value: id,
            label: pathName(departments, id),
          }))}
        />
      </Form.Item>
      <Form.Item name="head" label={t("head")} extra={t("headHint")}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          loading={users.isPending}
          options={(users.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </RecordDrawer>
  );
}
