import { Form, Input, Select } from "antd";
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import type { FileSources } from "./api";

const PERIODS = ["", "last_hour", "yesterday", "last_7_days", "last_month"] as const;
const FORMATS = ["csv", "csv-gbk", "xlsx"] as const;

interface Named {
  zh: string;
  en: string;
}

export const wordOf = (named: Named): string => (i18next.language.startsWith("zh") ? named.zh : named.en);

/** Which list goes out, how much of it, and as what kind of file. */
export function OutFields({ sources }: { sources: FileSources | undefined }) {
  const { t } = useTranslation("file-exchange");
  const required = { required: true, message: t("required") };
  const lists = sources?.lists ?? [];
  return (
    <>
      <Form.Item name="list_path" label={t("plan.list")} rules={[required]}>
        <Select options={lists.map((each) => ({ value: each.list_path, label: wordOf(each) }))} />
      </Form.Item>
      <Form.Item noStyle dependencies={["list_path"]}>
        {({ getFieldValue }) => {
          const chosen = lists.find((each) => each.list_path === getFieldValue("list_path"));
          return (
            <>
              <Form.Item name="query" label={t("plan.filter")} extra={t("plan.filterHint")}>
                <Input
                  maxLength={4000}
                  spellCheck={false}
                  autoComplete="off"
                  placeholder="direction=inbound"
                />
              </Form.Item>
              {chosen?.has_period && (
                <Form.Item name="period" label={t("plan.period")}>
                  <Select
                    options={PERIODS.map((value) => ({ value, label: t(`periods.${value || "all"}`) }))}
                  />
                </Form.Item>
              )}
              <Form.Item name="columns" label={t("plan.columns")} extra={t("plan.columnsHint")}>
                <Select
                  mode="multiple"
                  allowClear
                  optionFilterProp="label"
                  options={(chosen?.columns ?? []).map((each) => ({ value: each.code, label: wordOf(each) }))}
                />
              </Form.Item>
            </>
          );
        }}
      </Form.Item>
      <Form.Item name="format" label={t("plan.format")}>
        <Select options={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))} />
      </Form.Item>
    </>
  );
}
