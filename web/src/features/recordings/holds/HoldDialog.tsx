import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Form, Modal, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { TextInput } from "@/ui/TextInput";
import type { Recording } from "../model/queries";
import { type Hold, hold } from "./mutations";

interface Values {
  scope: Hold["scope"];
  reason: string;
}

/** Asks what is to be held, and why. */
export function HoldDialog({ row, onClose }: { row: Recording; onClose: () => void }) {
  const { t } = useTranslation("holds");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const holding = useMutation({
    mutationFn: ({ scope, reason }: Values) => hold(row, scope, reason),
    onSuccess: async () => {
      message.success(t("done"));
      onClose();
      await client.invalidateQueries({ queryKey: ["recordings", "list"] });
    },
  });
  return (
    <Modal
      open
      title={t("title")}
      okText={t("hold")}
      cancelText={t("cancel")}
      confirmLoading={holding.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{t("hint")}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ scope: "recording", reason: "" }}
        onFinish={(values) => holding.mutate(values)}
      >
        <Form.Item name="scope" label={t("scope")}>
          <Radio.Group
            options={(["recording", "interaction"] as const).map((value) => ({
              value,
              label: t(`scopes.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t("reason")}
          rules={[{ required: true, whitespace: true, message: t("reasonNeeded") }]}
        >
          <TextInput maxLength={200} autoFocus />
        </Form.Item>
      </Form>
      {holding.isError && <ErrorNotice error={holding.error} />}
    </Modal>
  );
}
