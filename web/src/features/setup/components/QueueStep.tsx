import { Link } from "@tanstack/react-router";
import { Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { FRESH_QUEUE, queues } from "@/features/admin";
import { localName } from "@/lib/names";
import type { Setup } from "../model/useSetup";
import { StepForm } from "./StepForm";
import styles from "./steps.module.css";

interface Values {
  name: string;
  name_en?: string;
  isMine?: boolean;
}

/** The groups that answer; one is enough, several give callers a menu. */
export function QueueStep({ setup }: { setup: Setup }) {
  const { t, i18n } = useTranslation("setup");
  const me = useUser();
  const save = ({ name, name_en = "", isMine = false }: Values) =>
    queues.create({
      ...FRESH_QUEUE,
      name,
      name_en,
      members: isMine && me ? [me.id] : [],
    });
  return (
    <div className={styles.parts}>
      {setup.queues.length > 0 && (
        <ul className={styles.list} aria-label={t("queue.there")}>
          {setup.queues.map((queue) => (
            <li key={queue.id}>
              <b>{localName(queue, i18n.language)}</b> {t("queue.members", { count: queue.members.length })}
            </li>
          ))}
        </ul>
      )}
      <StepForm<Values>
        label={t("queue.add")}
        initial={setup.queues.length === 0 ? { name: t("queue.example"), isMine: true } : {}}
        save={save}
        submitLabel={t("queue.add")}
        saved={t("queue.saved")}
      >
        <Form.Item
          name="name"
          label={t("queue.name")}
          extra={t("queue.nameHint")}
          rules={[{ required: true }]}
        >
          <Input maxLength={60} className={styles.short ?? ""} />
        </Form.Item>
        <Form.Item name="name_en" label={t("queue.nameEn")}>
          <Input maxLength={60} className={styles.short ?? ""} />
        </Form.Item>
        <Form.Item name="isMine" valuePropName="checked" extra={t("queue.mineHint")}>
          <Checkbox>{t("queue.mine")}</Checkbox>
        </Form.Item>
      </StepForm>
      <p className={styles.hint}>
        {t("queue.more")} <Link to={"/admin/queues" as string}>{t("queue.open")}</Link>
      </p>
    </div>
  );
}
