import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Modal, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { formatShortInstant } from "@/lib/time";
import type { AgentRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { endLoan, isCurrent, type Lending, lend, loansQuery } from "../model/queries";
import styles from "./LendDialog.module.css";

const MINUTES = [15, 30, 60, 120, 240, 480] as const;

/** Lends an agent to a queue for a time, shows where the agent is and was, and calls the agent back. */
export function LendDialog({ row, onClose }: { row: AgentRow; onClose: () => void }) {
  const { t, i18n } = useTranslation("loans");
  const { message } = App.useApp();
  const client = useQueryClient();
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const [form] = Form.useForm<Lending>();
  const queues = useLive((state) => state.queues);
  const loans = useQuery(loansQuery(row.id));
  const fresh = () => client.invalidateQueries({ queryKey: ["loans", row.id] });
  const lending = useMutation({
    mutationFn: (values: Lending) => lend(row.id, values),
    onSuccess: async () => {
      message.success(t("lent", { name: row.name }));
      await fresh();
      onClose();
    },
  });
  const ending = useMutation({ mutationFn: endLoan, onSuccess: fresh });
  const error = lending.error ?? ending.error ?? loans.error;
  return (
    <Modal
      open
      title={t("title", { name: row.name })}
      okText={t("lend")}
      cancelText={t("close")}
      confirmLoading={lending.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{t("hint")}</p>
      <Form<Lending>
        form={form}
        layout="vertical"
        initialValues={{ minutes: 60, is_instead: false }}
        onFinish={(values) => lending.mutate(values)}
      >
        <Form.Item name="queue" label={t("queue")} rules={[{ required: true, message: t("chooseQueue") }]}>
          <Select
            autoFocus
            showSearch={{ optionFilterProp: "label" }}
            options={queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
          />
        </Form.Item>
        <Form.Item name="minutes" label={t("time")}>
          <Select
            options={MINUTES.map((value) => ({
              value,
              label: value < 60 ? t("minutes", { count: value }) : t("hours", { count: value / 60 }),
            }))}
          />
        </Form.Item>
        <Form.Item name="is_instead" label={t("way")}>
          <Radio.Group
            options={[
              { value: false, label: t("also") },
              { value: true, label: t("instead") },
            ]}
          />
        </Form.Item>
      </Form>
      {error && <ErrorNotice error={error} />}
      {!!loans.data?.length && (
        <>
          <h3 className={styles.title}>{t("history")}</h3>
          <ul className={styles.loans}>
            {loans.data.map((loan) => (
              <li key={loan.id} className={styles.loan}>
                <span>
                  {t("one", {
                    queue: loan.queue_name,
                    from: formatShortInstant(loan.from_at, zone, now_ms),
                    until: formatShortInstant(loan.ended_at ?? loan.until, zone, now_ms),
                    by: loan.lent_by_name,
                  })}
                </span>
                {isCurrent(loan, now_ms) && (
                  <Button size="small" loading={ending.isPending} onClick={() => ending.mutate(loan.id)}>
                    {t("end")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}
