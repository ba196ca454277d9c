import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session";
import { HandOver, PasswordField, users } from "@/features/admin";
import { localName } from "@/lib/names";
import type { Setup } from "../model/useSetup";
import { StepForm } from "./StepForm";
import styles from "./steps.module.css";

interface Values {
  name: string;
  username: string;
  password: string;
  queues: number[];
}

/** The people who take the calls, each with a login to hand over. */
export function AgentsStep({ setup }: { setup: Setup }) {
  const { t, i18n } = useTranslation("setup");
  const session = useQuery(sessionQuery).data;
  const [made, setMade] = useState<Values | null>(null);
  const queueNames = (user: number) =>
    setup.queues
      .filter(({ members }) => members.includes(user))
      .map((queue) => localName(queue, i18n.language))
      .join(t("comma")) || t("agents.noQueue");
  const save = async (values: Values) => {
    await users.create({
      ...values,
      role: "agent",
      is_active: true,
      telephone: "browser",
      language: session?.user?.language ?? "zh",
      skills: {},
    });
    setMade(values);
  };
  return (
    <div className={styles.parts}>
      <ul className={styles.list} aria-label={t("agents.there")}>
        {setup.users.map((user) => (
          <li key={user.id}>
            <b>{user.name}</b> ({user.username}) {t(`agents.roles.${user.role}`)} · {queueNames(user.id)}
          </li>
        ))}
      </ul>
      <StepForm<Values>
        key={setup.queues.length}
        label={t("agents.add")}
        initial={{ queues: setup.queues.map(({ id }) => id) }}
        save={save}
        submitLabel={t("agents.add")}
        saved={t("agents.saved")}
      >
        <Form.Item name="name" label={t("agents.name")} rules={[{ required: true }]}>
          <Input maxLength={100} autoComplete="off" className={styles.short ?? ""} />
        </Form.Item>
        <Form.Item
          name="username"
          label={t("agents.username")}
          extra={t("agents.usernameHint")}
          rules={[{ required: true }, { pattern: /^[^\s/@:;<>"]+$/, message: t("agents.usernameBad") }]}
        >
          <Input maxLength={64} autoComplete="off" spellCheck={false} className={styles.short ?? ""} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("agents.password")}
          rules={[{ required: true, min: 8, message: t("passwordShort") }]}
        >
          <PasswordField />
        </Form.Item>
        <Form.Item
          name="queues"
          label={t("agents.queues")}
          rules={[{ required: true, message: t("agents.queuesMissing") }]}
        >
          <Select
            mode="multiple"
            optionFilterProp="label"
            options={setup.queues.map((queue) => ({
              value: queue.id,
              label: localName(queue, i18n.language),
            }))}
          />
        </Form.Item>
      </StepForm>
      {made && (
        <HandOver
          title={t("agents.handOver")}
          hint={t("agents.handOverHint")}
          lines={[
            { label: t("agents.address"), value: `${location.origin}/login` },
            { label: t("company.code"), value: session?.company?.code ?? "" },
            { label: t("agents.username"), value: made.username },
            { label: t("agents.password"), value: made.password },
          ]}
          onClose={() => setMade(null)}
        />
      )}
    </div>
  );
}
