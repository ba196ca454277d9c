import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../../components/RecordDrawer";
import { allUsers } from "../../model/queries";
import { changeTeam, createTeam, type Organisation, type Team } from "../model/queries";
import { pathName } from "../model/tree";

interface Values {
  name: string;
  department: number;
  lead?: number | null;
}

interface Props {
  organisation: Organisation;
  /** null: a new one, in `department` */
  team: Team | null;
  department: number | null;
  onClose: () => void;
}

/** Make a team, rename it, give it a lead, or move it to another department. */
export function TeamDrawer({ organisation, team, department, onClose }: Props) {
  const { t } = useTranslation("organisation");
  const users = useQuery(allUsers);
  const { departments } = organisation;
  const save = ({ name, department: within, lead = null }: Values) => {
    if (!team) return createTeam({ name, department: within, lead });
    return changeTeam(team.id, { name, lead, ...(within !== team.department && { department: within }) });
  };
  return (
    <RecordDrawer<Values>
      key={team?.id ?? "new"}
      title={team ? team.name : t("addTeam")}
      initial={team ?? (department === null ? {} : { department })}
      save={save}
      onClose={onClose}
    >
      <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("required") }]}>
        <Input maxLength={100} autoFocus={!team} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="department"
        label={t("department")}
        rules={[{ required: true, message: t("required") }]}
      >
        <Select
          showSearch={{ optionFilterProp: "label" }}
          options={departments.map(({ id }) => ({ value: id, label: pathName(departments, id) }))}
        />
      </Form.Item>
      <Form.Item name="lead" label={t("lead")} extra={t("leadHint")}>
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
