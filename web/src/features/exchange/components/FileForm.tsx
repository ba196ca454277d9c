import { Select, Space, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { changeImport, type Import } from "../model/queries";
import { useImportChange } from "../model/useStep";

const SEPARATORS = [",", ";", "\t", "|"] as const;
type Separator = (typeof SEPARATORS)[number];

/** How a text file is read, as it was found out; whoever knows better says so. */
export function FileForm({ found, encodings }: { found: Import; encodings: readonly string[] }) {
  const { t } = useTranslation("exchange");
  const read = useImportChange((form: { encoding?: string; separator?: Separator }) =>
    changeImport(found.id, { encoding: form.encoding ?? "", separator: form.separator ?? "" }),
  );
  const names: Record<Separator, string> = {
    ",": t("form.comma"),
    ";": t("form.semicolon"),
    "\t": t("form.tab"),
    "|": t("form.bar"),
  };
  return (
    <Space orientation="vertical">
      <Space wrap>
        <Typography.Text type="secondary">{t("form.found")}</Typography.Text>
        <Select
          aria-label={t("form.encoding")}
          value={found.encoding}
          style={{ width: 150 }}
          disabled={read.isPending}
          onChange={(encoding) => read.mutate({ encoding })}
          options={encodings.map((value) => ({
            value,
            label: value === "gb18030" ? t("form.gbk") : value.toUpperCase(),
          }))}
        />
        <Select
          aria-label={t("form.separator")}
          value={found.separator as Separator}
          style={{ width: 130 }}
          disabled={read.isPending}
          onChange={(separator) => read.mutate({ separator })}
          options={SEPARATORS.map((value) => ({ value, label: names[value] }))}
        />
      </Space>
      {read.error && <ErrorNotice error={read.error} />}
    </Space>
  );
}
