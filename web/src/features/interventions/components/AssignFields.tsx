import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useBoardAgents } from "../model/useBoardAgents";

const FOR_S = [60, 120, 300, 600] as const;

/** For whom it is kept, and how long. Only who works now is to be had. */
export function AssignFields() {
  const { t } = useTranslation(["interventions", "softphone"]);
  const agents = useBoardAgents();
  return (
    <>
      <Form.Item name="target" label={t("agent")} rules={[{ required: true, message: t("chooseAgent") }]}>
        <Select
          autoFocus
          showSearch={{ optionFilterProp: "name" }}
          options={agents.map(({ row, isAtWork }) => ({
            value: row.id,
            name: row.name,
            label: `${row.name} · ${t(`softphone:state.${row.state}`)}`,
            disabled: !isAtWork,
          }))}
        />
      </Form.Item>
      <Form.Item name="for_s" label={t("forHowLong")} extra={t("afterwards")}>
        <Select options={FOR_S.map((value) => ({ value, label: t("minutes", { count: value / 60 }) }))} />
      </Form.Item>
    </>
  );
}
