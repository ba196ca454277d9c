import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { type Queue, queues } from "../model/api";
import { allQueues, allUsers } from "../model/queries";
import { toUserOptions } from "../model/user-options";
import { RecordDrawer } from "./RecordDrawer";
import { RingsField } from "./RingsField";
import { SecondsField } from "./SecondsField";
import { SkillsField } from "./SkillsField";

type Values = Omit<Queue, "id">;

export const FRESH_QUEUE: Values = {
  name: "",
  name_en: "",
  members: [],
  skills: {},
  offer_timeout_s: 20,
  wrap_up_s: 60,
  service_level_s: 20,
  announce_every_s: 30,
  max_wait_s: 1800,
  is_recorded: true,
  extension: "",
  agent_choice: "longest_idle",
  rings: [],
};

const AGENT_CHOICES = ["longest_idle", "round_robin", "most_skilled", "least_skilled", "random"] as const;

/** Make or change a queue: who serves it, how long each may take, what callers hear meanwhile. */
export function QueueDrawer({ queue, onClose }: { queue: Queue | null; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const users = useQuery(allUsers);
  const others = useQuery(allQueues);
  return (
    <RecordDrawer<Values>
      key={queue?.id ?? "new"}
      title={queue ? queue.name : t("queues.add")}
      width={560}
      initial={queue ?? FRESH_QUEUE}
      save={(values) => (queue ? queues.change(queue.id, values) : queues.create(values))}
      onClose={onClose}
    >
      {(form) => (
        <>
          <Form.Item
            name="name"
            label={t("queues.name")}
            rules={[{ required: true, message: t("form.required") }]}
          >
            <Input maxLength={60} autoFocus={!queue} />
          </Form.Item>
          <Form.Item name="name_en" label={t("form.nameEn")} extra={t("form.nameEnHint")}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="members" label={t("queues.members")} extra={t("queues.membersHint")}>
            <Select
              mode="multiple"
              optionFilterProp="label"
              loading={users.isPending}
              options={toUserOptions(users.data, queue?.members)}
            />
          </Form.Item>
          <Form.Item name="skills" label={t("queues.skills")} extra={t("queues.skillsHint")}>
            <SkillsField levelLabel={t("skills.least")} />
          </Form.Item>
          <Form.Item name="agent_choice" label={t("queues.agentChoice")} extra={t("queues.agentChoiceHint")}>
            <Select
              options={AGENT_CHOICES.map((choice) => ({ value: choice, label: t(`agentChoices.${choice}`) }))}
            />
          </Form.Item>
          <Form.Item label={t("rings.title")} extra={t("rings.hint")}>
            <Form.Item noStyle shouldUpdate>
              {() => (
                <RingsField
                  skills={Object.keys((form.getFieldValue("skills") as Queue["skills"] | undefined) ?? {})}
                  queues={(others.data ?? [])
                    .filter((other) => other.id !== queue?.id)
                    .map((other) => ({ value: other.id, label: other.name }))}
                />
              )}
            </Form.Item>
          </Form.Item>
          <Form.Item
            name="extension"
            label={t("queues.extension")}
            extra={t("queues.extensionHint")}
            rules={[{ pattern: /^[0-9]{2,6}$/, message: t("queues.extensionBad") }]}
          >
            <Input maxLength={6} inputMode="numeric" style={{ width: 160 }} />
          </Form.Item>
          <SecondsField
            name="offer_timeout_s"
            label={t("queues.offerTimeout")}
            hint={t("queues.offerTimeoutHint")}
            min={5}
            max={120}
          />
          <SecondsField
            name="wrap_up_s"
            label={t("queues.wrapUp")}
            hint={t("queues.wrapUpHint")}
            min={0}
            max={3600}
          />
          <SecondsField
            name="service_level_s"
            label={t("queues.serviceLevel")}
            hint={t("queues.serviceLevelHint")}
            min={5}
            max={600}
          />
          <SecondsField
            name="announce_every_s"
            label={t("queues.announceEvery")}
            hint={t("queues.announceEveryHint")}
            min={10}
            max={600}
          />
          <SecondsField
            name="max_wait_s"
            label={t("queues.maxWait")}
            hint={t("queues.maxWaitHint")}
            min={10}
            max={86_400}
          />
          <Form.Item
            name="is_recorded"
            label={t("queues.recorded")}
            extra={t("queues.recordedHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </>
      )}
    </RecordDrawer>
  );
}
