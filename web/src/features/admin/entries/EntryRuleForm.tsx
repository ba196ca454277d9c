import { useQuery } from "@tanstack/react-query";
import { Form, Input, InputNumber, Radio, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { RecordDrawer } from "../components/RecordDrawer";
import { allFlows, allHours, allNumbers } from "../model/queries";
import { customerClassesQuery } from "../routing/resources";
import { type EntryRule, type EntryRuleBody, entryRules } from "./api";

const FRESH: Partial<EntryRuleBody> = {
  numbers: [],
  customer_classes: [],
  is_vip_only: false,
  is_open_wanted: true,
  share_pct: 100,
  least_contacts: 50,
  gave_up_points: 10,
  fault_points: 5,
  is_enabled: true,
  note: "",
};
const WIDTH = { width: 180 };

interface Props {
  /** null: a new one */
  rule: EntryRule | null;
  onClose: () => void;
}

/** Whom a rule is for, which flow they come to, and when a share is taken back by itself. */
export function EntryRuleForm({ rule, onClose }: Props) {
  const { t, i18n } = useTranslation("entries");
  const flows = useQuery(allFlows);
  const numbers = useQuery(allNumbers);
  const hours = useQuery(allHours);
  const classes = useQuery(customerClassesQuery);
  const required = { required: true, message: t("form.required") };
  const emptied = (values: EntryRuleBody): EntryRuleBody => ({
    ...values,
    hours_id: values.hours_id ?? null,
    gave_up_points: values.gave_up_points ?? null,
    fault_points: values.fault_points ?? null,
  });
  return (
    <RecordDrawer<EntryRuleBody>
      key={rule?.id ?? "new"}
      title={rule ? rule.name : t("add")}
      initial={rule ?? FRESH}
      save={(values) =>
        rule
          ? entryRules.change(rule.id, emptied(values))
          : entryRules.create(emptied({ ...FRESH, ...values }))
      }
      onClose={onClose}
      width={560}
    >
      <Form.Item name="name" label={t("form.name")} rules={[{ ...required, whitespace: true }]}>
        <Input maxLength={60} autoFocus={!rule} autoComplete="off" placeholder={t("form.namePlaceholder")} />
      </Form.Item>
      <Form.Item name="flow_id" label={t("form.flow")} extra={t("form.flowHint")} rules={[required]}>
        <Select
          showSearch
          optionFilterProp="label"
          loading={flows.isPending}
          options={(flows.data ?? []).map(({ id, name, version }) => ({
            value: id,
            label: version === 0 ? t("form.flowUnpublished", { name }) : name,
          }))}
        />
      </Form.Item>
      <h3>{t("form.whom")}</h3>
      <p>{t("form.whomHint")}</p>
      <Form.Item name="numbers" label={t("form.numbers")}>
        <Select
          mode="multiple"
          loading={numbers.isPending}
          placeholder={t("form.any")}
          options={(numbers.data ?? []).map(({ number, name }) => ({
            value: number,
            label: name ? `${number} ${name}` : number,
          }))}
        />
      </Form.Item>
      <Form.Item name="customer_classes" label={t("form.classes")} extra={t("form.classesHint")}>
        <Select
          mode="multiple"
          optionFilterProp="label"
          loading={classes.isPending}
          placeholder={t("form.any")}
          options={(classes.data?.items ?? []).map((one) => ({
            value: one.id,
            label: localName(one, i18n.language),
          }))}
        />
      </Form.Item>
      <Form.Item name="is_vip_only" label={t("form.vips")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="hours_id" label={t("form.hours")}>
        <Select
          allowClear
          loading={hours.isPending}
          placeholder={t("form.always")}
          options={(hours.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <OpenWanted />
      <h3>{t("form.canary")}</h3>
      <p>{t("form.canaryHint")}</p>
      <Form.Item name="share_pct" label={t("form.share")} rules={[required]}>
        <InputNumber min={1} max={100} precision={0} suffix="%" style={WIDTH} />
      </Form.Item>
      <Form.Item name="least_contacts" label={t("form.least")} extra={t("form.leastHint")} rules={[required]}>
        <InputNumber min={1} max={100_000} precision={0} style={WIDTH} />
      </Form.Item>
      <Form.Item name="gave_up_points" label={t("form.gaveUp")} extra={t("form.emptyHint")}>
        <InputNumber min={1} max={100} precision={0} suffix={t("points")} style={WIDTH} />
      </Form.Item>
      <Form.Item name="fault_points" label={t("form.faults")} extra={t("form.emptyHint")}>
        <InputNumber min={1} max={100} precision={0} suffix={t("points")} style={WIDTH} />
      </Form.Item>
      <Form.Item name="note" label={t("form.note")}>
        <Input.TextArea maxLength={500} rows={2} />
      </Form.Item>
    </RecordDrawer>
  );
}

/** Whether its hours are to be open or closed; asked where there are hours, and kept all the same. */
function OpenWanted() {
  const { t } = useTranslation("entries");
  const hours: unknown = Form.useWatch("hours_id", Form.useFormInstance());
  return (
    <Form.Item name="is_open_wanted" label={t("form.when")} hidden={hours === undefined || hours === null}>
      <Radio.Group
        options={[
          { value: true, label: t("form.open") },
          { value: false, label: t("form.closed") },
        ]}
      />
    </Form.Item>
  );
}
