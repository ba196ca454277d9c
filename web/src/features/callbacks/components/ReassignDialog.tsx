import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Form, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Callback, reassignCallback } from "../model/queries";

interface Values {
  queue: number;
  agent?: number;
}

/** Lets what waits wait in another queue, or for one agent alone; its place in time stays. */
export function ReassignDialog({ row, onClose }: { row: Callback; onClose: () => void }) {
  const { t, i18n } = useTranslation("callbacks");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const queues = useLive((state) => state.queues);
  const agents = useLive((state) => state.colleagues);
  const reassigning = useMutation({
    mutationFn: ({ queue, agent }: Values) => reassignCallback(row.id, { queue, agent: agent ?? null }),
    onSuccess: async () => {
      message.success(t("reassign.done"));
      onClose();
      await client.invalidateQueries({ queryKey: ["callbacks"] });
    },
  });
  return (
    <Modal
      open
      title={t("reassign.title")}
      okText={t("reassign.ok")}
      cancelText={t("keep")}
      confirmLoading={reassigning.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{t("reassign.hint")}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ queue: row.queue }}
        onFinish={(values) => reassigning.mutate(values)}
      >
        <Form.Item name="queue" label={t("column.queue")} rules={[{ required: true }]}>
          <Select
            options={queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
            showSearch={{ optionFilterProp: "label" }}
          />
        </Form.Item>
        <Form.Item name="agent" label={t("reassign.agent")} extra={t("reassign.agentHint")}>
          <Select
            allowClear
            options={agents.map(({ id, name }) => ({ value: id, label: name }))}
            showSearch={{ optionFilterProp: "label" }}
          />
        </Form.Item>
      </Form>
      {reassigning.isError && <ErrorNotice error={reassigning.error} />}
    </Modal>
  );
}
