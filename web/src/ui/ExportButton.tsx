import { Button, Dropdown } from "antd";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EXPORT_FORMATS, exportAddress } from "./list-search";

interface Props {
  /** the list's address, "/api/users" */
  path: string;
  /** what the list is asked for; its page is left out */
  query: object;
}

/** Downloads what a list shows, all its pages, as an Excel workbook or as CSV. */
export function ExportButton({ path, query }: Props) {
  const { t } = useTranslation("ui");
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: EXPORT_FORMATS.map((format) => ({
          key: format,
          label: t(`list.formats.${format}`),
          onClick: () => download(exportAddress(path, query, format)),
        })),
      }}
    >
      <Button icon={<Download size={16} />}>{t("list.export")}</Button>
    </Dropdown>
  );
}

function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
