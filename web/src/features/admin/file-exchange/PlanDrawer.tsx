import { useQuery } from "@tanstack/react-query";
import { Alert, Form, Input, Radio, Switch } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../components/RecordDrawer";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { type FilePlan, savePlan, sourcesQuery } from "./api";
import { NEW_PLAN, type PlanForm, toBody, toForm } from "./form";
import { InFields } from "./InFields";
import { OutFields } from "./OutFields";
import { PlaceFields } from "./PlaceFields";
import { ScheduleFields } from "./ScheduleFields";

const PreviewPanel = lazy(async () => ({ default: (await import("./PreviewPanel")).PreviewPanel }));

interface Props {
  /** null: a new one */
  plan: FilePlan | null;
  onClose: () => void;
}

/** Plan a file, or change a plan. */
export function PlanDrawer({ plan, onClose }: Props) {
  const { t } = useTranslation("file-exchange");
  const { search } = useSettingsSearch();
  const sources = useQuery(sourcesQuery).data;
  const required = { required: true, message: t("required") };
  // a list that was handed over with its filter
  const listed = search.list ? { list_path: search.list, query: search.query ?? "" } : {};
  const isFolderless = sources !== undefined && !sources.has_folder;
  const initial = plan
    ? toForm(plan)
    : { ...NEW_PLAN, ...listed, ...(isFolderless && { place: "https" as const }) };
  return (
    <RecordDrawer<PlanForm>
      key={`${plan?.id ?? "new"}-${sources === undefined}`}
      title={plan ? plan.name : t("add")}
      initial={initial}
      save={(values) => savePlan(plan, toBody({ ...initial, ...values } as PlanForm))}
      onClose={onClose}
      width={680}
    >
      {(form) => (
        <>
          {plan?.stopped_why && (
            <Alert
              type="warning"
              showIcon
              title={t(`stoppedHint.${plan.stopped_why}`)}
              style={{ marginBottom: 16 }}
            />
          )}
          <Form.Item name="name" label={t("plan.name")} rules={[required]}>
            <Input maxLength={60} autoFocus={!plan} autoComplete="off" />
          </Form.Item>
          <Form.Item name="direction" label={t("plan.direction")}>
            <Radio.Group
              disabled={plan !== null}
              optionType="button"
              options={(["out", "in"] as const).map((value) => ({ value, label: t(`directions.${value}`) }))}
            />
          </Form.Item>
          <Form.Item noStyle dependencies={["direction"]}>
            {({ getFieldValue }) =>
              getFieldValue("direction") === "in" ? (
                <InFields sources={sources} form={form} />
              ) : (
                <OutFields sources={sources} />
              )
            }
          </Form.Item>
          <PlaceFields sources={sources} plan={plan} />
          <ScheduleFields />
          <Form.Item
            name="is_enabled"
            label={t("plan.enabled")}
            valuePropName="checked"
            extra={t("plan.planHint")}
          >
            <Switch />
          </Form.Item>
          <Suspense>
            <PreviewPanel
              plan={plan}
              body={() => toBody({ ...initial, ...form.getFieldsValue() } as PlanForm)}
              form={form}
            />
          </Suspense>
        </>
      )}
    </RecordDrawer>
  );
}
