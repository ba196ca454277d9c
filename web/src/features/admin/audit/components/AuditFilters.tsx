import { useQuery } from "@tanstack/react-query";
import { DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { allUsers } from "../../model/queries";
import type { SettingsSearch } from "../../settings-search";
import { KINDS, useAuditWords } from "../model/words";

interface Props {
  search: SettingsSearch;
  onFilter: (changes: Record<string, string | undefined>) => void;
}

/** Who, what and when. */
export function AuditFilters({ search, onFilter }: Props) {
  const { t } = useTranslation("audit");
  const users = useQuery(allUsers);
  const { kind } = useAuditWords();
  const dayOf = (day: string | undefined) => (day ? dayjs(day) : null);
  return (
    <>
      <Select
        allowClear
        showSearch
        optionFilterProp="label"
        aria-label={t("who")}
        placeholder={t("anybody")}
        value={search.user === undefined ? undefined : Number(search.user)}
        onChange={(user?: number) => onFilter({ user: user === undefined ? undefined : String(user) })}
        loading={users.isPending}
        options={(users.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        style={{ width: 160 }}
      />
      <Select
        allowClear
        aria-label={t("what")}
        placeholder={t("anything")}
        value={search.kind}
        onChange={(chosen?: string) => onFilter({ kind: chosen })}
        options={KINDS.map((name) => ({ value: name, label: kind(name) }))}
        style={{ width: 160 }}
      />
      <DatePicker.RangePicker
        aria-label={t("when")}
        allowEmpty={[true, true]}
        value={[dayOf(search.from), dayOf(search.to)]}
        onChange={(days) =>
          onFilter({ from: days?.[0]?.format("YYYY-MM-DD"), to: days?.[1]?.format("YYYY-MM-DD") })
        }
        style={{ width: 250 }}
      />
    </>
  );
}
