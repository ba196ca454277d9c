import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useFieldAccess } from "@/api/session";
import { classesQuery, kinds, lists, tagsQuery } from "../model/attached";
import { levels } from "../model/levels";
import { type CustomersSearch, owners } from "../model/search";

interface Props {
  search: CustomersSearch;
  onChange: (changes: CustomersSearch) => void;
  /** filters that the page itself fixes */
  hidden?: readonly string[];
}

/** What the list of customers can be narrowed to, beside its search field. */
export function CustomerFilters({ search, onChange, hidden = [] }: Props) {
  const { t } = useTranslation(["customers", "api"]);
  const tags = useQuery(tagsQuery).data?.items ?? [];
  const classes = useQuery(classesQuery).data?.items ?? [];
  const hidesTags = useFieldAccess("customer")("tags") === "hide";
  const filters = [
    ["owner", t("field.owner"), owners.map((value) => ({ value, label: t(`owners.${value}`) }))],
    ["kind", t("field.kind"), kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))],
    ["level", t("field.level"), levels.map((value) => ({ value, label: t(`api:level.${value}`) }))],
    ["class", t("field.class"), classes.map(({ id, name }) => ({ value: id, label: name }))],
    ["tag", t("field.tags"), tags.map(({ id, name }) => ({ value: id, label: name }))],
    ["list", t("field.lists"), lists.map((value) => ({ value, label: t(`lists.${value}`) }))],
  ] as const;
  return filters
    .filter(([name]) => !hidden.includes(name) && !(name === "tag" && hidesTags))
    .filter(([name, , options]) => options.length > 0 || search[name] !== undefined)
    .map(([name, label, options]) => (
      <Select<string | number | null>
        key={name}
        value={search[name] ?? null}
        onChange={(value) => onChange({ [name]: value ?? undefined, page: undefined } as CustomersSearch)}
        options={[...options]}
        placeholder={label}
        aria-label={label}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: 128 }}
      />
    ));
}
