import { Select } from "antd";
import { useUser } from "@/api/session";
import { useRightNames } from "./useRightNames";

interface Props {
  value?: string[];
  onChange?: (rights: string[]) => void;
  id?: string;
}

/** Chooses rights: only one's own can be given away. */
export function RightsField({ value, onChange, id }: Props) {
  const mine = useUser()?.rights ?? [];
  const nameOf = useRightNames();
  return (
    <Select
      mode="multiple"
      {...(id !== undefined && { id })}
      {...(value !== undefined && { value })}
      {...(onChange !== undefined && { onChange })}
      optionFilterProp="label"
      options={[...mine].sort().map((right) => ({ value: right, label: nameOf(right) }))}
    />
  );
}
