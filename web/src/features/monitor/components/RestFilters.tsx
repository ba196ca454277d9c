import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { reasonsQuery } from "@/api/settings";
import { localName } from "@/lib/names";
import { useBoard } from "../model/board";
import { teamsQuery } from "../model/queries";
import { type Chosen, offered, type RestFilter } from "../model/rest-filter";
import { restChoicesQuery } from "../model/rests";

interface Props {
  filter: RestFilter;
  range: { from: string; to: string };
  onFilter: (filter: RestFilter) => void;
}

/** Whose rests, and for which reason. Figures outlive agents and reasons: who rested then is offered too. */
export function RestFilters({ filter, range, onFilter }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const teams = useQuery(teamsQuery).data?.teams ?? [];
  const reasons = useQuery(reasonsQuery).data ?? [];
  const agents = useBoard()?.agents ?? [];
  const rested = useQuery(restChoicesQuery(range)).data;
  const people = (some: readonly { id: number; name: string }[]) =>
    some.map(({ id, name }) => ({ value: id, label: name }));
  const named = (some: readonly { code: string; name: string; name_en: string }[]) =>
    some.map((reason) => ({ value: reason.code, label: localName(reason, i18n.language) }));
  return (
    <>
      <Choice
        label={t("rests.team")}
        chosen={people(teams).find((team) => team.value === filter.team)}
        options={people(teams)}
        onChoose={(team) => onFilter({ ...filter, team: team?.value })}
      />
      <Choice
        label={t("rests.agent")}
        chosen={filter.agent}
        options={offered(people(agents), people(rested?.agents ?? []), filter.agent ? [filter.agent] : [])}
        onChoose={(agent) => onFilter({ ...filter, agent })}
      />
      <Choice
        label={t("rests.reason")}
        chosen={filter.reason}
        options={offered(
          named(reasons.filter((reason) => reason.is_rest)),
          named(rested?.reasons ?? []),
          filter.reason ? [filter.reason] : [],
        )}
        onChoose={(reason) => onFilter({ ...filter, reason })}
      />
    </>
  );
}

interface ChoiceProps<Value> {
  label: string;
  chosen: Chosen<Value> | undefined;
  options: Chosen<Value>[];
  onChoose: (chosen: Chosen<Value> | undefined) => void;
}

function Choice<Value extends number | string>({ label, chosen, options, onChoose }: ChoiceProps<Value>) {
  return (
    <Select<Value>
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      style={{ width: 140 }}
      value={chosen?.value ?? null}
      placeholder={label}
      aria-label={label}
      options={options}
      onChange={(value: Value | null | undefined) => onChoose(options.find((one) => one.value === value))}
    />
  );
}
