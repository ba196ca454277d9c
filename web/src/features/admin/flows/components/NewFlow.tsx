import { useQuery } from "@tanstack/react-query";
import { Form, Input, Radio, Select, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { FormDrawer } from "@/ui/FormDrawer";
import { allHours, allQueues, useSettingsChanged } from "../../model/queries";
import {
  createFlow,
  type FlowDetail,
  type FlowSlot,
  type FlowTemplate,
  templatesQuery,
} from "../model/queries";
import styles from "./NewFlow.module.css";

interface Values {
  name: string;
  /** "": an empty one */
  template: string;
  choices?: Record<string, number | null | undefined>;
}

/** A new flow begins with something that works: one that is ready for a trade, with the company's own queues in it. */
export function NewFlow({ onClose, onMade }: { onClose: () => void; onMade: (flow: FlowDetail) => void }) {
  const { t } = useTranslation("flows");
  const changed = useSettingsChanged();
  const templates = useQuery(templatesQuery).data;
  return (
    <FormDrawer<Values>
      title={t("add")}
      isOpen
      initial={{ template: "hotline" }}
      submitLabel={t("create")}
      onClose={onClose}
      onSubmit={async ({ name, template, choices = {} }) => {
        const chosen = Object.entries(choices).filter(
          (each): each is [string, number] => typeof each[1] === "number",
        );
        const body = template === "" ? { name } : { name, template, choices: Object.fromEntries(chosen) };
        const flow = await createFlow(body);
        await changed();
        onMade(flow);
      }}
    >
      <Form.Item name="name" label={t("nameOf")} rules={[{ required: true, message: t("nameMissing") }]}>
        <Input maxLength={60} autoFocus placeholder={t("nameExample")} />
      </Form.Item>
      {templates ? <Beginning templates={templates} /> : <Skeleton active />}
    </FormDrawer>
  );
}

/** What the flow begins with, and what is chosen for that. */
function Beginning({ templates }: { templates: FlowTemplate[] }) {
  const { t, i18n } = useTranslation("flows");
  const isChinese = i18n.language === "zh";
  const options = templates.map(({ code, name, name_en, hint, hint_en }) => ({
    value: code,
    name: isChinese ? name : name_en,
    hint: isChinese ? hint : hint_en,
  }));
  options.push({ value: "", name: t("new.empty"), hint: t("new.emptyHint") });
  return (
    <>
      <Form.Item name="template" label={t("new.template")}>
        <Radio.Group className={styles.templates ?? ""}>
          {options.map(({ value, name, hint }) => (
            <Radio key={value} value={value}>
              {name}
              <span className={styles.hint}>{hint}</span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(before: Values, after: Values) => before.template !== after.template}>
        {({ getFieldValue }) => {
          const chosen = templates.find(({ code }) => code === getFieldValue("template"));
          return chosen?.slots.map((slot) => <Slot key={slot.slot} slot={slot} />);
        }}
      </Form.Item>
    </>
  );
}

function Slot({ slot }: { slot: FlowSlot }) {
  const { t, i18n } = useTranslation("flows");
  return (
    <Form.Item
      name={["choices", slot.slot]}
      label={i18n.language === "zh" ? slot.name : slot.name_en}
      rules={slot.is_required ? [{ required: true, message: t("step.missing") }] : []}
      extra={slot.kind === "http_service" ? t("new.serviceHint") : undefined}
    >
      <SlotSelect slot={slot} />
    </Form.Item>
  );
}

function SlotSelect({ slot, ...given }: { slot: FlowSlot }) {
  const { i18n } = useTranslation("flows");
  const queues = useQuery({ ...allQueues, enabled: slot.kind === "queue" }).data ?? [];
  const hours = useQuery({ ...allHours, enabled: slot.kind === "hours" }).data ?? [];
  const options = {
    queue: queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) })),
    hours: hours.map(({ id, name }) => ({ value: id, label: name })),
    http_service: slot.choices.map(({ choice, name }) => ({ value: choice as number, label: name })),
  }[slot.kind];
  return (
    <Select
      {...given}
      options={options}
      allowClear={!slot.is_required}
      showSearch={{ optionFilterProp: "label" }}
    />
  );
}
