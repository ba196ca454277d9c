import { useQuery } from "@tanstack/react-query";
import { App, Form, Input, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { type CareRule, careOptionsQuery, saveRule } from "../model/queries";
import { bodyFrom, NEW_RULE, type RuleValues, valuesOf } from "../model/rule";
import { CarePreviewPanel } from "./CarePreviewPanel";
import styles from "./Fields.module.css";
import { OccasionFields } from "./OccasionFields";
import { TaskFields } from "./TaskFields";
import { WhoFields } from "./WhoFields";

interface Props {
  rule: CareRule | null;
  onSaved: () => Promise<void>;
  onClose: () => void;
}

/** Make or change a rule: when, who, what, by whom; and whom it would catch, before it is switched on. */
export function CareRuleDrawer({ rule, onSaved, onClose }: Props) {
  const { t } = useTranslation("care");
  const { message } = App.useApp();
  const options = useQuery(careOptionsQuery).data;
  return (
    <FormDrawer<RuleValues>
      isOpen
      title={rule?.name ?? t("add")}
      width={680}
      initial={rule ? valuesOf(rule) : NEW_RULE}
      onSubmit={async (values) => {
        await saveRule(rule, bodyFrom(values));
        await onSaved();
        message.success(t("saved"));
        onClose();
      }}
      onClose={onClose}
    >
      {(form) => (
        <>
          <Form.Item
            name="name"
            label={t("field.name")}
            rules={[{ required: true, whitespace: true, message: t("required") }]}
          >
            <Input maxLength={60} autoFocus={!rule} placeholder={t("field.nameExample")} />
          </Form.Item>
          <h2 className={styles.section}>{t("section.when")}</h2>
          <OccasionFields options={options} />
          <h2 className={styles.section}>{t("section.who")}</h2>
          <WhoFields options={options} />
          <h2 className={styles.section}>{t("section.task")}</h2>
          <TaskFields options={options} />
          <h2 className={styles.section}>{t("section.preview")}</h2>
          <CarePreviewPanel form={form} />
          <Form.Item
            name="is_active"
            label={t("field.active")}
            extra={t("field.activeHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}
