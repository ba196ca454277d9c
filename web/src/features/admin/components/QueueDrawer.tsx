import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, Input, InputNumber, Select, Skeleton, Switch } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { type Queue, queues } from "../model/api";
import { allHours, allQueues, allUsers } from "../model/queries";
import { FRESH_QUEUE, type QueueBody } from "../model/queue";
import { toUserOptions } from "../model/user-options";
import { OverflowField } from "./OverflowField";
import { RecordDrawer } from "./RecordDrawer";
import { RingsField } from "./RingsField";
import { SecondsField } from "./SecondsField";
import { SkillsField } from "./SkillsField";

const SurveyFields = lazy(async () => ({
  default: (await import("../queue-deferred/SurveyFields")).SurveyFields,
}));
const DeferredFields = lazy(async () => ({
  default: (await import("../queue-deferred/DeferredFields")).DeferredFields,
}));
const TryButton = lazy(async () => ({ default: (await import("../rehearsal/TryButton")).TryButton }));
const MissedFields = lazy(async () => ({
  default: (await import("../agent-life/MissedFields")).MissedFields,
}));
const WrapUpFields = lazy(async () => ({
  default: (await import("../agent-life/WrapUpFields")).WrapUpFields,
}));
const QueueRoutingFields = lazy(async () => ({
  default: (await import("../routing/QueueRoutingFields")).QueueRoutingFields,
}));

/** Make or change a queue: who serves it, how long each may take, what callers hear meanwhile. */
export function QueueDrawer({ queue, onClose }: { queue: Queue | null; onClose: () => void }) {
  const { t, i18n } = useTranslation("admin");
  const users = useQuery(allUsers);
  const others = useQuery(allQueues);
  const calendars = useQuery(allHours);
  const otherQueues = (others.data ?? [])
    .filter((other) => other.id !== queue?.id)
    .map((other) => ({ value: other.id, label: localName(other, i18n.language) }));
  return (
    <RecordDrawer<QueueBody>
      key={queue?.id ?? "new"}
      title={queue ? localName(queue, i18n.language) : t("queues.add")}
      width={560}
      initial={queue ?? FRESH_QUEUE}
      save={({ hours_id = null, ...values }) =>
        queue ? queues.change(queue.id, { ...values, hours_id }) : queues.create({ ...values, hours_id })
      }
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
          <Suspense fallback={<Skeleton active />}>
            <QueueRoutingFields users={users.data ?? []} />
          </Suspense>
          <Form.Item label={t("rings.title")} extra={t("rings.hint")}>
            <Form.Item noStyle shouldUpdate>
              {() => (
                <RingsField
                  skills={Object.keys((form.getFieldValue("skills") as Queue["skills"] | undefined) ?? {})}
                  queues={otherQueues}
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
          <Suspense fallback={<Skeleton active title={false} />}>
            <MissedFields />
            <WrapUpFields />
          </Suspense>
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
          <Form.Item name="hours_id" label={t("queues.hours")} extra={t("queues.hoursHint")}>
            <Select
              allowClear
              loading={calendars.isPending}
              placeholder={t("queues.hoursNone")}
              options={(calendars.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Form.Item>
          <SecondsField
            name="max_wait_s"
            label={t("queues.maxWait")}
            hint={t("queues.maxWaitHint")}
            min={10}
            max={86_400}
          />
          <Suspense fallback={<Skeleton active title={false} />}>
            <DeferredFields />
            <SurveyFields />
          </Suspense>
          <Form.Item label={t("overflow.title")} extra={t("overflow.hint")}>
            <OverflowField queues={otherQueues} />
          </Form.Item>
          {queue && (
            <Form.Item>
              <Suspense>
                <TryButton
                  queue={queue}
                  changesOf={() => ({
                    ...form.getFieldsValue(true),
                    hours_id: form.getFieldValue("hours_id") ?? null,
                  })}
                />
              </Suspense>
            </Form.Item>
          )}
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
