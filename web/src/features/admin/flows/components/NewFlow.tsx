import { useQuery } from "@tanstack/react-query";
import { Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { FormDrawer } from "@/ui/FormDrawer";
import { allHours, allQueues, useSettingsChanged } from "../../model/queries";
import { createFlow, type FlowDetail } from "../model/queries";

interface Values {
  name: string;
  queue_id?: number | null;
  hours_id?: number | null;
  kind: "call" | "survey";
}

/** A new flow begins with something that works: greeting, then a queue; and the closed message outside the hours. */
export function NewFlow({ onClose, onMade }: { onClose: () => void; onMade: (flow: FlowDetail) => void }) {
  const { t } = useTranslation("flows");
  const changed = useSettingsChanged();
  return (
    <FormDrawer<Values>
      title={t("add")}
      isOpen
      initial={{ kind: "call" }}
      submitLabel={t("create")}
      onClose={onClose}
      onSubmit={async ({ name, kind, queue_id = null, hours_id = null }) => {
        const begun = kind === "survey" ? { template: "survey" as const } : { queue_id, hours_id };
        const flow = await createFlow({ name, ...begun });
        await changed();
        onMade(flow);
      }}
    >
      <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("nameMissing") }]}>
        <Input maxLength={60} autoFocus placeholder={t("nameExample")} />
      </Form.Item>
      <Form.Item name="kind" label={t("new.kind")}>
        <Radio.Group
          options={(["call", "survey"] as const).map((value) => ({ value, label: t(`new.${value}`) }))}
        />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(before: Values, after: Values) => before.kind !== after.kind}>
        {({ getFieldValue }) =>
          getFieldValue("kind") === "survey" ? <p>{t("new.surveyHint")}</p> : <CallBeginning />
        }
      </Form.Item>
    </FormDrawer>
  );
}

/** Where the calls of a new flow are led. */
function CallBeginning() {
  const { t, i18n } = useTranslation("flows");
  const queues = useQuery(allQueues);
  const hours = useQuery(allHours);
  return (
    <>
      <Form.Item name="queue_id" label={t("new.queue")} extra={t("new.queueHint")}>
        <Select
          allowClear
          loading={queues.isPending}
          options={(queues.data ?? []).map((queue) => ({
            value: queue.id,
            label: localName(queue, i18n.language),
          }))}
        />
      </Form.Item>
      <Form.Item name="hours_id" label={t("new.hours")} extra={t("new.hoursHint")}>
        <Select
          allowClear
          loading={hours.isPending}
          options={(hours.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </>
  );
}
