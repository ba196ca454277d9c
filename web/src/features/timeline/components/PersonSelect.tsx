import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useLive } from "@/live/store";
import { colleaguesQuery } from "../model/queries";

interface Props {
  label: string;
  value: number | undefined;
  onChange: (person: number | undefined) => void;
}

/** A colleague, found by name and pinyin. */
export function PersonSelect({ label, value, onChange }: Props) {
  const [search, setSearch] = useState("");
  const found = useQuery(colleaguesQuery(search)).data?.items ?? [];
  const chosen = useLive((state) => state.colleagues.find(({ id }) => id === value));
  const people = chosen && !found.some(({ id }) => id === value) ? [chosen, ...found] : found;
  return (
    <Select<number>
      showSearch={{ filterOption: false, onSearch: setSearch }}
      allowClear
      value={value ?? null}
      placeholder={label}
      aria-label={label}
      style={{ minWidth: 140 }}
      options={people.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(person: number | null | undefined) => onChange(person ?? undefined)}
    />
  );
}
