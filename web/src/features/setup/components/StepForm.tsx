import { useMutation } from "@tanstack/react-query";
import { App, Button, Form, type FormInstance } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { fieldProblemText } from "@/api/problem-text";
import { useSettingsChanged } from "@/features/admin";
import { ErrorNotice } from "@/ui/ErrorNotice";

interface Props<Values extends object> {
  label: string;
  initial: Partial<Values>;
  save: (values: Values) => Promise<unknown>;
  submitLabel: string;
  /** Told when it is saved. */
  saved: string;
  children: ReactNode | ((form: FormInstance<Values>) => ReactNode);
}

/**
 * The form of a step: saves at once, marks the fields a refusal names, and is empty again for another one. Until the
 * wizard knows what was saved nothing can be typed, as it would be emptied with the rest.
 */
export function StepForm<Values extends object>(props: Props<Values>) {
  const { label, initial, save, submitLabel, saved, children } = props;
  const { t } = useTranslation("setup");
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const changed = useSettingsChanged();
  const saving = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      await changed();
      form.resetFields();
      message.success(saved);
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem)) return;
      const marks = Object.entries(error.fields).map(([name, code]) => ({
        name: name.split("."),
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
      validateMessages={{ required: t("required") }}
      disabled={saving.isPending}
    >
      {typeof children === "function" ? children(form) : children}
      {saving.isError && (
        <Form.Item>
          <ErrorNotice error={saving.error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" disabled={false} loading={saving.isPending}>
        {submitLabel}
      </Button>
    </Form>
  );
}
