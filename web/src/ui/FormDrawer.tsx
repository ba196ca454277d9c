import { App, Button, Drawer, Form, type FormInstance } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { fieldProblemText } from "@/api/problem-text";
import { useIsViewing } from "@/api/session";
import { ErrorNotice } from "./ErrorNotice";

interface Props<Values extends object> {
  title: string;
  isOpen: boolean;
  /** What the fields hold at first; give the drawer a `key` per record so that a new record starts fresh. */
  initial: Partial<Values>;
  /** Save; a rejection with `ApiProblem` marks the fields it names and is told at the top. */
  onSubmit: (values: Values) => Promise<void>;
  onClose: () => void;
  submitLabel?: string;
  /** What it does cannot be undone. */
  isDangerous?: boolean;
  width?: number;
  /** Form.Items, or a function of the form where one field shows another. */
  children: ReactNode | ((form: FormInstance<Values>) => ReactNode);
}

/** Create or edit one record beside its list. Asks before changes are thrown away. */
export function FormDrawer<Values extends object>(props: Props<Values>) {
  const {
    title,
    isOpen,
    initial,
    onSubmit,
    onClose,
    submitLabel,
    isDangerous = false,
    width = 480,
    children,
  } = props;
  const { t } = useTranslation("ui");
  const { modal } = App.useApp();
  const [form] = Form.useForm<Values>();
  const isViewing = useIsViewing();
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const close = () => {
    if (!form.isFieldsTouched()) return onClose();
    modal.confirm({
      title: t("discard.title"),
      content: t("discard.hint"),
      okText: t("discard.ok"),
      cancelText: t("discard.cancel"),
      onOk: onClose,
    });
  };
  const submit = async (values: Values) => {
    setSaving(true);
    setProblem(null);
    try {
      await onSubmit(values);
    } catch (error) {
      setProblem(error);
      if (error instanceof ApiProblem) {
        const marks = Object.entries(error.fields).map(([name, code]) => ({
          name: name.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)), // lists count
          errors: [fieldProblemText(code)],
        }));
        form.setFields(marks as Parameters<typeof form.setFields>[0]);
      }
    } finally {
      setSaving(false);
    }
  };

  return (
    <Drawer
      title={title}
      open={isOpen}
      onClose={close}
      size={width}
      destroyOnHidden
      footer={
        <div style={{ display: "flex", alignItems: "center", justifyContent: "flex-end", gap: 8 }}>
          {isViewing && <span style={{ color: "var(--text-2)" }}>{t("viewingOnly")}</span>}
          <Button onClick={close}>{t("cancel")}</Button>
          <Button
            type="primary"
            danger={isDangerous}
            disabled={isViewing}
            loading={isSaving}
            onClick={() => form.submit()}
          >
            {submitLabel ?? t("save")}
          </Button>
        </div>
      }
    >
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={(values) => void submit(values)}
        scrollToFirstError
        preserve={false}
      >
        {problem !== null && (
          <Form.Item>
            <ErrorNotice error={problem} />
          </Form.Item>
        )}
        {typeof children === "function" ? children(form) : children}
      </Form>
    </Drawer>
  );
}
