import { Button, Form, Input, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { fieldProblemText } from "@/api/problem-text";
import { PasswordField, timeZones } from "@/features/admin";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { placeOfField } from "../model/setup-fields";
import styles from "./CompanyForm.module.css";

type Values = Schema<"SetupIn">;

interface Props {
  language: "zh" | "en";
  /** What the address brought of the setup code, perhaps nothing yet; null: none is needed. */
  setupCode: string | null;
  onSubmit: (values: Values) => Promise<void>;
}

/** Who the company is, and who looks after it. */
export function CompanyForm({ language, setupCode, onSubmit }: Props) {
  const { t } = useTranslation("setup");
  const [form] = Form.useForm<Values>();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (values: Values) => {
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit(values);
    } catch (error) {
      setProblem(error);
      if (error instanceof ApiProblem) {
        const marks = Object.entries(error.fields).map(([field, code]) => ({
          name: placeOfField(field),
          errors: [fieldProblemText(code)],
        }));
        form.setFields(marks as Parameters<typeof form.setFields>[0]);
        // what is wrong may stand above the screen, and the button below it
        if (marks[0]) form.scrollToField(marks[0].name as never, { focus: true, block: "center" });
      }
      setBusy(false);
    }
  };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{
        company: { language, time_zone: zone === "UTC" ? "Asia/Shanghai" : zone },
        setup_code: setupCode ?? "",
      }}
      onFinish={(values) => void submit(values)}
      scrollToFirstError
    >
      {setupCode !== null && (
        <div className={styles.code}>
          <Form.Item
            name="setup_code"
            label={t("setupCode.label")}
            extra={t("setupCode.hint")}
            rules={[{ required: true, whitespace: true, message: t("required") }]}
          >
            <Input
              maxLength={60}
              autoFocus={setupCode === ""}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              placeholder="ABCDE-FGHJK"
              className="numbers"
            />
          </Form.Item>
        </div>
      )}
      <h2 className={styles.part}>{t("company.title")}</h2>
      <Form.Item
        name={["company", "name"]}
        label={t("company.name")}
        rules={[{ required: true, message: t("required") }]}
      >
        <Input
          maxLength={100}
          autoFocus={setupCode !== ""}
          autoComplete="organization"
          placeholder={t("company.example")}
        />
      </Form.Item>
      <Form.Item
        name={["company", "code"]}
        label={t("company.code")}
        extra={t("company.codeHint")}
        rules={[
          { required: true, message: t("required") },
          { pattern: /^[a-z0-9][a-z0-9-]{1,38}$/, message: t("company.codeBad") },
        ]}
      >
        <Input maxLength={39} autoComplete="off" spellCheck={false} placeholder="acme" />
      </Form.Item>
      <Form.Item
        name={["company", "time_zone"]}
        label={t("company.timeZone")}
        extra={t("company.timeZoneHint")}
      >
        <Select showSearch options={timeZones(zone).map((each) => ({ value: each, label: each }))} />
      </Form.Item>
      <Form.Item
        name={["company", "language"]}
        label={t("company.language")}
        extra={t("company.languageHint")}
      >
        <Radio.Group
          options={(["zh", "en"] as const).map((each) => ({ value: each, label: t(`languages.${each}`) }))}
        />
      </Form.Item>
      <h2 className={styles.part}>{t("administrator.title")}</h2>
      <p className={styles.why}>{t("administrator.why")}</p>
      <Form.Item
        name={["administrator", "name"]}
        label={t("administrator.name")}
        rules={[{ required: true, message: t("required") }]}
      >
        <Input maxLength={100} autoComplete="name" />
      </Form.Item>
      <Form.Item
        name={["administrator", "username"]}
        label={t("administrator.username")}
        rules={[
          { required: true, message: t("required") },
          { pattern: /^[^\s/@:;<>"]+$/, message: t("agents.usernameBad") },
        ]}
      >
        <Input maxLength={64} autoComplete="username" spellCheck={false} placeholder="admin" />
      </Form.Item>
      <Form.Item
        name={["administrator", "password"]}
        label={t("administrator.password")}
        rules={[{ required: true, min: 8, message: t("passwordShort") }]}
      >
        <PasswordField />
      </Form.Item>
      {problem !== null && !isSaidAtField(problem) && (
        <Form.Item>
          <ErrorNotice error={problem} />
        </Form.Item>
      )}
      <Button type="primary" size="large" htmlType="submit" block loading={isBusy}>
        {t("first.submit")}
      </Button>
    </Form>
  );
}

/** Whether a field has the whole sentence already. */
function isSaidAtField(problem: unknown): boolean {
  return problem instanceof ApiProblem && Object.values(problem.fields).includes(problem.code);
}
