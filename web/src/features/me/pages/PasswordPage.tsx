import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";

interface Passwords {
  old: string;
  new: string;
  again: string;
}

const LEAST_LENGTH = 8;

export function PasswordPage() {
  const { t } = useTranslation("me");
  const { message } = App.useApp();
  const [form] = Form.useForm<Passwords>();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  const change = async (passwords: Passwords) => {
    setBusy(true);
    setProblem(null);
    try {
      await api.POST("/api/session/password", { body: { old: passwords.old, new: passwords.new } });
      form.resetFields();
      message.success(t("password.done"));
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Page width="form">
      <PageHeader title={t("password.title")} hint={t("password.hint")} />
      <Card>
        <Form<Passwords>
          form={form}
          layout="vertical"
          style={{ maxWidth: 360 }}
          onFinish={(values) => void change(values)}
        >
          <Form.Item
            name="old"
            label={t("password.old")}
            rules={[{ required: true, message: t("password.oldMissing") }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item
            name="new"
            label={t("password.new")}
            rules={[{ required: true, min: LEAST_LENGTH, message: t("password.short") }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Form.Item
            name="again"
            label={t("password.again")}
            dependencies={["new"]}
            rules={[
              { required: true, message: t("password.againMissing") },
              {
                validator: (_rule, value: string) =>
                  !value || value === form.getFieldValue("new")
                    ? Promise.resolve()
                    : Promise.reject(new Error(t("password.differs"))),
              },
            ]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          {problem !== null && (
            <Form.Item>
              <ErrorNotice error={problem} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t("password.submit")}
          </Button>
        </Form>
      </Card>
    </Page>
  );
}
