import { useQuery } from "@tanstack/react-query";
import { Select, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { entryRulesQuery } from "../model/queries";

interface Props {
  value: number | undefined;
  onChange: (rule: number | undefined) => void;
}

/** By which entry rule a contact came to its flow; who may not see the rules can only take the filter away. */
export function EntryRuleFilter({ value, onChange }: Props) {
  const { t } = useTranslation("interactions");
  const seesRules = useRight("admin");
  const rules = useQuery({ ...entryRulesQuery, enabled: seesRules }).data?.items ?? [];
  if (!seesRules) {
    if (value === undefined) return null;
    return (
      <Tag closable onClose={() => onChange(undefined)}>
        {t("filter.entryRule")} {value}
      </Tag>
    );
  }
  if (rules.length === 0 && value === undefined) return null;
  return (
    <Select
      value={value ?? null}
      onChange={(rule) => onChange(rule ?? undefined)}
      options={rules.map(({ id, name }) => ({ value: id, label: name }))}
      placeholder={t("filter.entryRule")}
      aria-label={t("filter.entryRule")}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      style={{ width: 140 }}
    />
  );
}
