import { useMutation } from "@tanstack/react-query";
import { App, Button, Form, Space } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { fieldProblemText } from "@/api/problem-text";
import { useIsViewing } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useSettingsChanged } from "../model/queries";

interface Props<Values extends object> {
  label: string;
  initial: Values;
  save: (values: Values) => Promise<unknown>;
  /** Asked before saving, where saving does what cannot be undone; on no, nothing happens. */
  consent?: (values: Values) => Promise<boolean>;
  children: ReactNode;
}

/** A form that is a page: settings of which there is one set. A refusal marks the fields it names. */
export function SettingsForm<Values extends object>({
  label,
  initial,
  save,
  consent,
  children,
}: Props<Values>) {
  const { t } = useTranslation(["admin", "ui"]);
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const changed = useSettingsChanged();
  const isViewing = useIsViewing();
  const saving = useMutation({
    mutationFn: async (values: Values) => {
      const isAgreed = consent === undefined || (await consent(values));
      if (isAgreed) await save(values);
      return isAgreed;
    },
    onSuccess: (isSaved) => {
      if (!isSaved) return;
      message.success(t("list.saved"));
      return changed();
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem)) return;
      const marks = Object.entries(error.fields).map(([name, code]) => ({
        name: name.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)), // the row of a list
        errors: [fieldProblemText(code)],
      }));
      form.setFields(marks as Parameters<typeof form.setFields>[0]);
    },
  });
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      aria-label={label}
      initialValues={initial}
      onFinish={(values) => saving.mutate(values)}
      scrollToFirstError
    >
      {children}
      {saving.isError && (
        <Form.Item>
          <ErrorNotice error={saving.error} />
        </Form.Item>
      )}
      <Space>
        <Button type="primary" htmlType="submit" disabled={isViewing} loading={saving.isPending}>
          {t("form.save")}
        </Button>
        {isViewing && <span style={{ color: "var(--text-2)" }}>{t("ui:viewingOnly")}</span>}
      </Space>
    </Form>
  );
}
