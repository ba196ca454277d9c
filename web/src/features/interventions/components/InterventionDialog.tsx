import { App, Form, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/features/softphone";
import { formatNumber } from "@/lib/numbers";
import type { InteractionRow } from "@/live/messages";
import type { Act } from "../model/acts";
import { type Asked, commandOf, FIRST } from "../model/commands";
import { AssignFields } from "./AssignFields";
import { EndFields } from "./EndFields";
import { PriorityFields } from "./PriorityFields";
import { RequeueFields } from "./RequeueFields";

interface Props {
  act: Exclude<Act, "pull">;
  row: InteractionRow;
  onClose: () => void;
}

const FIELDS = {
  assign: AssignFields,
  requeue: RequeueFields,
  priority: PriorityFields,
  end: EndFields,
} as const;

/** Asks for what an intervention needs; a refusal is told, and the dialog stays. */
export function InterventionDialog({ act, row, onClose }: Props) {
  const { t } = useTranslation("interventions");
  const { message } = App.useApp();
  const { ask, isBusy } = useCommand();
  const [form] = Form.useForm<Asked>();
  const Fields = FIELDS[act];
  const number = row.customer_number ? formatNumber(row.customer_number) : t("withheld");
  const finish = async (values: Asked) => {
    if (!(await ask(commandOf(act, row, values)))) return;
    message.success(t(`done.${act}`));
    onClose();
  };
  return (
    <Modal
      open
      title={t(`title.${act}`, { number })}
      okText={t(`act.${act}`)}
      okButtonProps={{ danger: act === "end" }}
      cancelText={t("cancel")}
      confirmLoading={isBusy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{t(`hint.${act}`)}</p>
      <Form<Asked>
        form={form}
        layout="vertical"
        initialValues={{ ...FIRST, priority: row.priority ?? 0, class_code: row.class_code ?? "" }}
        onFinish={(values) => void finish(values)}
      >
        <Fields row={row} />
      </Form>
    </Modal>
  );
}
