import { Button, Checkbox, Popover } from "antd";
import { Columns3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ChoosableColumn } from "./columns";

interface Props {
  columns: readonly ChoosableColumn[];
  /** The keys of the columns that are shown now. */
  shown: readonly string[];
  onChoose: (keys: string[]) => void;
}

/** Which columns a list shows. The choice stands in the address, so a saved view keeps it. */
export function ColumnChooser({ columns, shown, onChoose }: Props) {
  const { t } = useTranslation("ui");
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <Checkbox.Group
          style={{ display: "flex", flexDirection: "column", gap: 6 }}
          value={columns.map(({ key }) => key).filter((key) => shown.includes(key))}
          options={columns.map(({ key, title }) => ({ value: key, label: title }))}
          onChange={(keys) => onChoose(keys.map(String))}
        />
      }
    >
      <Button type="text" size="small" icon={<Columns3 size={15} aria-hidden />}>
        {t("list.columns")}
      </Button>
    </Popover>
  );
}
