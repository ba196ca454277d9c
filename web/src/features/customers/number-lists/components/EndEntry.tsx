import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { type Entry, endEntry } from "../model/queries";

/** Take an entry off its list: asks why; the entry stays as history. */
export function EndEntry({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { t } = useTranslation("number-lists");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<{ reason: string }>();
  const ending = useMutation({
    mutationFn: ({ reason }: { reason: string }) => endEntry(entry.id, reason),
    onSuccess: async () => {
      message.success(t("ended"));
      await client.invalidateQueries({ queryKey: ["customers"] });
      onClose();
    },
    onError: (problem) => void message.error(problemText(problem)),
  });
  return (
    <Modal
      open
      title={t("endNamed", { name: entry.customer || entry.number || entry.masked })}
      okText={t("end")}
      cancelText={t("cancel")}
      confirmLoading={ending.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" onFinish={(values) => ending.mutate(values)}>
        <Form.Item
          name="reason"
          label={t("endReason")}
          rules={[{ required: true, whitespace: true, message: t("missing") }]}
        >
          <Input maxLength={300} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
