import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, type FormInstance, Input, InputNumber, Select, Skeleton, Switch } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { FormPart } from "@/ui/FormPart";
import type { Queue } from "../model/api";
import { allHours, allQueues, allUsers } from "../model/queries";
import type { QueueBody } from "../model/queue";
import { toUserOptions } from "../model/user-options";
import { OverflowField } from "./OverflowField";
import { RingsField } from "./RingsField";
import { SecondsField } from "./SecondsField";
import { SkillsField } from "./SkillsField";

const SurveyFields = lazy(async () => ({
  default: (await import("../queue-deferred/SurveyFields")).SurveyFields,
}));
const DeferredFields = lazy(async () => ({
  default: (await import("../queue-deferred/DeferredFields")).DeferredFields,
}));
const MissedFields = lazy(async () => ({
  default: (await import("../agent-life/MissedFields")).MissedFields,
}));
const WrapUpFields = lazy(async () => ({
  default: (await import("../agent-life/WrapUpFields")).WrapUpFields,
}));
const QueueRoutingFields = lazy(async () => ({
  default: (await import("../routing/QueueRoutingFields")).QueueRoutingFields,
}));

interface Props {
  /** null: a new one */
  queue: Queue | null;
  form: FormInstance<QueueBody>;
}

/** All of a queue's settings, in the order of a call: who serves it, the wait, the agent, what comes afterwards. */
export function QueueFields({ queue, form }: Props) {
  const { t, i18n } = useTranslation("admin");
  const others = (useQuery(allQueues).data ?? [])
    .filter((other) => other.id !== queue?.id)
    .map((other) => ({ value: other.id, label: localName(other, i18n.language) }));
  return (
    <>
      <Form.Item
        name="name"
        label={t("queues.nameOf")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Input maxLength={60} autoFocus={!queue} />
      </Form.Item>
      <Form.Item name="name_en" label={t("form.nameEn")} extra={t("form.nameEnHint")}>
        <Input maxLength={60} />
      </Form.Item>
      <ServingPart queue={queue} form={form} others={others} />
      <WaitingPart others={others} />
      <FormPart title={t("queues.parts.instead")}>
        <Suspense fallback={<Skeleton active title={false} />}>
          <DeferredFields />
        </Suspense>
      </FormPart>
      <AgentPart />
      <FormPart title={t("queues.parts.after")}>
        <Suspense fallback={<Skeleton active title={false} />}>
          <WrapUpFields />
          <SurveyFields />
        </Suspense>
        <Form.Item
          name="is_recorded"
          label={t("queues.recorded")}
          extra={t("queues.recordedHint")}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
      </FormPart>
    </>
  );
}

interface Other {
  value: number;
  label: string;
}

/** Who may take its calls, and in which order they are asked. */
function ServingPart({ queue, form, others }: Props & { others: Other[] }) {
  const { t } = useTranslation("admin");
  const users = useQuery(allUsers);
  return (
    <FormPart title={t("queues.parts.serving")}>
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
      <Suspense fallback={<Skeleton active />}>
        <QueueRoutingFields users={users.data ?? []} />
      </Suspense>
      <Form.Item label={t("rings.title")} extra={t("rings.hint")}>
        <Form.Item noStyle shouldUpdate>
          {() => (
            <RingsField
              skills={Object.keys((form.getFieldValue("skills") as Queue["skills"] | undefined) ?? {})}
              queues={others}
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
    </FormPart>
  );
}

/** How long callers wait, what they hear, and what is done for those who wait too long. */
function WaitingPart({ others }: { others: Other[] }) {
  const { t } = useTranslation("admin");
  const calendars = useQuery(allHours);
  return (
    <FormPart title={t("queues.parts.waiting")}>
      <Form.Item name="hours_id" label={t("queues.hours")} extra={t("queues.hoursHint")}>
        <Select
          allowClear
          loading={calendars.isPending}
          placeholder={t("queues.hoursNone")}
          options={(calendars.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <SecondsField
        name="service_level_s"
        label={t("queues.serviceLevel")}
        hint={t("queues.serviceLevelHint")}
        min={5}
        max={600}
      />
      <Form.Item
        name="service_level_pct"
        label={t("queues.serviceLevelShare")}
        extra={t("queues.serviceLevelShareHint")}
      >
        <InputNumber min={0} max={100} precision={0} suffix="%" style={{ width: 160 }} />
      </Form.Item>
      <SecondsField
        name="announce_every_s"
        label={t("queues.announceEvery")}
        hint={t("queues.announceEveryHint")}
        min={10}
        max={600}
      />
      <Form.Item label={t("queues.announces")} extra={t("queues.announcesHint")}>
        <Form.Item name="announces_place" valuePropName="checked" noStyle>
          <Checkbox>{t("queues.announcesPlace")}</Checkbox>
        </Form.Item>
        <Form.Item name="announces_wait" valuePropName="checked" noStyle>
          <Checkbox>{t("queues.announcesWait")}</Checkbox>
        </Form.Item>
      </Form.Item>
      <SecondsField
        name="max_wait_s"
        label={t("queues.maxWait")}
        hint={t("queues.maxWaitHint")}
        min={10}
        max={86_400}
      />
      <Form.Item label={t("overflow.title")} extra={t("overflow.hint")}>
        <OverflowField queues={others} />
      </Form.Item>
    </FormPart>
  );
}

/** How long an agent's telephone rings, and what follows when nobody answers. */
function AgentPart() {
  const { t } = useTranslation("admin");
  return (
    <FormPart title={t("queues.parts.agent")}>
      <SecondsField
        name="offer_timeout_s"
        label={t("queues.offerTimeout")}
        hint={t("queues.offerTimeoutHint")}
        min={5}
        max={120}
      />
      <Suspense fallback={<Skeleton active title={false} />}>
        <MissedFields />
      </Suspense>
    </FormPart>
  );
}
