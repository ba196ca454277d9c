import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";

interface Props {
  value?: string[];
  onChange?: (rights: string[]) => void;
  id?: string;
}

/** Chooses rights: only one's own can be given away. */
export function RightsField({ value, onChange, id }: Props) {
  const { t, i18n } = useTranslation("integrations");
  const mine = useUser()?.rights ?? [];
  const nameOf = (right: string) =>
    i18n.exists(`rights.${right.replaceAll(".", "_")}`, { ns: "integrations" })
      ? t(`rights.${right.replaceAll(".", "_")}` as "rights.desk")
      : right;
  return (
    <Select
      mode="multiple"
      {...(id !== undefined && { id })}
      {...(value !== undefined && { value })}
      {...(onChange !== undefined && { onChange })}
      optionFilterProp="label"
      options={[...mine].sort().map((right) => ({ value: right, label: `${nameOf(right)} (${right})` }))}
    />
  );
}
