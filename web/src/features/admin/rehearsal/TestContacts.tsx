import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, InputNumber, Select, Space } from "antd";
import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useIsViewing, useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { formatTimeOfDay } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { StatusTag } from "@/ui/StatusTag";
import type { Queue } from "../model/api";
import styles from "./Rehearsal.module.css";
import { endTestContacts, putTestContacts, type TestContactsBody, testContactsQuery } from "./resources";

/** Contacts without customers, given out by the real router: how many an agent has room for, and what beside what. */
export function TestContacts({ queues }: { queues: readonly Queue[] }) {
  const { t, i18n } = useTranslation(["rehearsal", "routing"]);
  const zone = useTimeZone();
  const isViewing = useIsViewing();
  const client = useQueryClient();
  const contacts = useQuery(testContactsQuery);
  const again = () => client.invalidateQueries({ queryKey: testContactsQuery.queryKey });
  const put = useMutation({ mutationFn: putTestContacts, onSuccess: again });
  const end = useMutation({ mutationFn: endTestContacts, onSuccess: again });
  const error = put.error ?? end.error ?? contacts.error;
  const items = contacts.data?.items ?? [];
  const nameOf = (id: number) => {
    const queue = queues.find((one) => one.id === id);
    return queue ? localName(queue, i18n.language) : String(id);
  };
  return (
    <Card title={t("tests.title")}>
      <p className={styles.facts}>{t("tests.hint")}</p>
      <Form<TestContactsBody>
        layout="inline"
        aria-label={t("tests.title")}
        initialValues={{ queue: queues[0]?.id, channel: "chat", count: 1, lasts_s: 120 }}
        onFinish={(values) => put.mutate(values)}
        className={styles.tests ?? ""}
      >
        <Form.Item name="queue" label={t("caller.queue")} rules={[{ required: true }]}>
          <Select
            style={{ width: 160 }}
            options={queues.map((one) => ({ value: one.id, label: localName(one, i18n.language) }))}
          />
        </Form.Item>
        <Form.Item name="channel" label={t("caller.channel")}>
          <Select
            style={{ width: 110 }}
            options={(["chat", "mail"] as const).map((value) => ({
              value,
              label: t(`routing:channels.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="count" label={t("tests.count")} rules={[{ required: true }]}>
          <InputNumber min={1} max={20} precision={0} style={{ width: 70 }} />
        </Form.Item>
        <Form.Item name="lasts_s" label={t("tests.lasts")} rules={[{ required: true }]}>
          <InputNumber
            min={10}
            max={900}
            precision={0}
            suffix={t("routing:seconds")}
            style={{ width: 110 }}
          />
        </Form.Item>
        <Space>
          <Button htmlType="submit" disabled={isViewing} loading={put.isPending}>
            {t("tests.put")}
          </Button>
          <Button
            disabled={isViewing || items.length === 0}
            loading={end.isPending}
            onClick={() => end.mutate()}
          >
            {t("tests.endAll")}
          </Button>
        </Space>
      </Form>
      {error && <ErrorNotice error={error} onRetry={() => void contacts.refetch()} />}
      {items.length === 0 ? (
        <EmptyState icon={Inbox} title={t("tests.none")} hint={t("tests.noneHint")} />
      ) : (
        <ul className={styles.rows} aria-label={t("tests.title")}>
          {items.map((one) => (
            <li key={one.id} className={styles.row}>
              <span>
                {t(`routing:channels.${one.channel as "chat"}`)} · {nameOf(one.queue)}{" "}
                <span className={styles.minor}>{formatTimeOfDay(one.since, zone)}</span>
              </span>
              <StatusTag tone={one.agent === null ? "acw" : "talk"}>
                {one.agent === null ? t("tests.waits") : t("tests.with", { name: one.agent_name })}
              </StatusTag>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
