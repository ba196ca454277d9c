import { Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";

interface Props {
  title: string;
  hint: string;
  submit: string;
  isDanger?: boolean;
  onSubmit: (password: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for one's own password once more, before what somebody else at this desk must not do. */
export function PasswordAgain({ title, hint, submit, isDanger = false, onSubmit, onClose }: Props) {
  const { t } = useTranslation("me");
  const [form] = Form.useForm<{ password: string }>();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async ({ password }: { password: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit(password);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      okText={submit}
      cancelText={t("security.cancel")}
      okButtonProps={{ danger: isDanger, loading: isBusy }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p style={{ marginBottom: 12 }}>{hint}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => void send(values)}>
        <Form.Item
          name="password"
          label={t("security.password")}
          rules={[{ required: true, message: t("security.passwordMissing") }]}
        >
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        {problem !== null && <ErrorNotice error={problem} />}
      </Form>
    </Modal>
  );
}
