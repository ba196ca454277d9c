import { Form, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { Queue, User } from "../model/api";
import { MembershipsField } from "./MembershipsField";

export const AGENT_CHOICES = [
  "longest_idle",
  "longest_since_inbound",
  "least_occupied",
  "fewest_contacts",
  "weighted",
  "most_skilled",
  "least_skilled",
  "round_robin",
  "percentage",
  "random",
  "ring_all",
] as const satisfies readonly Queue["agent_choice"][];

export const PREFERENCES = ["nobody", "last_agent", "owner", "owner_then_last"] as const;

/** Whom the queue asks, in which order, and for whom it keeps a caller at first. */
export function QueueRoutingFields({ users }: { users: readonly User[] }) {
  const { t } = useTranslation("routing");
  const form = Form.useFormInstance<Queue>();
  const who = Form.useWatch(["preference", "who"], form);
  const members = Form.useWatch("members", form) ?? [];
  const ringsAll = Form.useWatch("agent_choice", form) === "ring_all";
  return (
    <>
      <Form.Item
        name="agent_choice"
        label={t("queue.agentChoice")}
        extra={ringsAll ? t("queue.ringAllHint") : t("queue.agentChoiceHint")}
      >
        <Select
          options={AGENT_CHOICES.map((choice) => ({ value: choice, label: t(`agentChoices.${choice}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="ring_at_most"
        label={t("queue.ringAtMost")}
        extra={t("queue.ringAtMostHint")}
        hidden={!ringsAll}
      >
        <InputNumber min={2} max={50} precision={0} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name={["preference", "who"]} label={t("queue.preferred")} extra={t("queue.preferredHint")}>
        <Select options={PREFERENCES.map((value) => ({ value, label: t(`preferences.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name={["preference", "wait_s"]}
        label={t("queue.preferredWait")}
        extra={t("queue.preferredWaitHint")}
        hidden={who === "nobody" || who === undefined}
      >
        <InputNumber min={0} max={3600} precision={0} suffix={t("seconds")} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item
        name={["preference", "waits_for_away"]}
        label={t("queue.preferredAway")}
        extra={t("queue.preferredAwayHint")}
        valuePropName="checked"
        hidden={who === "nobody" || who === undefined}
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name={["preference", "within_days"]}
        label={t("queue.preferredDays")}
        hidden={who !== "last_agent" && who !== "owner_then_last"}
      >
        <InputNumber min={1} max={3650} precision={0} suffix={t("days")} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name="weight" label={t("queue.weight")} extra={t("queue.weightHint")}>
        <InputNumber min={0} max={1000} precision={0} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name="memberships" label={t("members.title")} extra={t("members.hint")}>
        <MembershipsField members={users.filter(({ id }) => members.includes(id))} />
      </Form.Item>
    </>
  );
}
