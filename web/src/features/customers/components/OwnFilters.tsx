import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import type { FieldDefinition } from "@/ui/record-form/model";

interface Props {
  fields: readonly FieldDefinition[];
  /** "custom.CODE" -> what is asked of it */
  filters: Readonly<Record<string, string>>;
  onFilter: (name: `custom.${string}`, value: string | undefined) => void;
}

/** Filters for the company's own searchable fields that have a list to choose from; the others are found by the search. */
export function OwnFilters({ fields, filters, onFilter }: Props) {
  const { t, i18n } = useTranslation("record-form");
  const colleagues = useLive((state) => state.colleagues);
  const optionsOf = (field: FieldDefinition) => {
    if (field.kind === "yes_no")
      return [
        { value: "true", label: t("yes") },
        { value: "false", label: t("no") },
      ];
    if (field.kind === "user") return colleagues.map(({ id, name }) => ({ value: String(id), label: name }));
    if (field.kind === "choice" || field.kind === "choices")
      return field.options.map((option) => ({ value: option.code, label: localName(option, i18n.language) }));
    return null;
  };
  return fields
    .filter((field) => field.is_searchable)
    .map((field) => {
      const options = optionsOf(field);
      const name = `custom.${field.code}` as const;
      return (
        options && (
          <Select
            key={name}
            mode="multiple"
            maxTagCount="responsive"
            value={filters[name]?.split(",") ?? []}
            options={options}
            placeholder={localName(field, i18n.language)}
            aria-label={localName(field, i18n.language)}
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            style={{ minWidth: 130 }}
            onChange={(chosen: string[]) => onFilter(name, chosen.length > 0 ? chosen.join(",") : undefined)}
          />
        )
      );
    });
}
