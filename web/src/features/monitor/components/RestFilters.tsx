import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { reasonsQuery } from "@/api/settings";
import { localName } from "@/lib/names";
import { useBoard } from "../model/board";
import { teamsQuery } from "../model/queries";
import type { RestFilter } from "../model/rest-filter";

interface Props {
  filter: RestFilter;
  onFilter: (filter: RestFilter) => void;
}

/** Whose rests, and for which reason. */
export function RestFilters({ filter, onFilter }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const teams = useQuery(teamsQuery).data?.teams ?? [];
  const reasons = useQuery(reasonsQuery).data ?? [];
  const agents = useBoard()?.agents ?? [];
  return (
    <>
      <Choice
        label={t("rests.team")}
        value={filter.team}
        options={teams.map(({ id, name }) => ({ value: id, label: name }))}
        onChoose={(team) => onFilter({ ...filter, team })}
      />
      <Choice
        label={t("rests.agent")}
        value={filter.agent}
        options={agents.map(({ id, name }) => ({ value: id, label: name }))}
        onChoose={(agent) => onFilter({ ...filter, agent })}
      />
      <Choice
        label={t("rests.reason")}
        value={filter.reason}
        options={reasons
          .filter((reason) => reason.is_rest)
          .map((reason) => ({ value: reason.code, label: localName(reason, i18n.language) }))}
        onChoose={(reason) => onFilter({ ...filter, reason })}
      />
    </>
  );
}

interface ChoiceProps<Value> {
  label: string;
  value: Value | undefined;
  options: { value: Value; label: string }[];
  onChoose: (chosen: Value | undefined) => void;
}

function Choice<Value extends number | string>({ label, value, options, onChoose }: ChoiceProps<Value>) {
  return (
    <Select<Value>
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      style={{ width: 140 }}
      value={value ?? null}
      placeholder={label}
      aria-label={label}
      options={options}
      onChange={(chosen: Value | null | undefined) => onChoose(chosen ?? undefined)}
    />
  );
}
