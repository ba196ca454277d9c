import { Button, Radio, Space, Typography, Upload } from "antd";
import { FileSpreadsheet } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Import, templateAddress, uploadImport } from "../model/queries";
import { useImportChange } from "../model/useStep";

interface Props {
  kinds: Schema<"ImportKindsOut">;
  kind: string | undefined;
  onUploaded: (made: Import) => void;
}

/** Choose what is imported, fetch its template, send a file. */
export function UploadStep({ kinds, kind: asked, onUploaded }: Props) {
  const { t, i18n } = useTranslation("exchange");
  const [chosen, setChosen] = useState(asked);
  const kind = kinds.kinds.find(({ code }) => code === chosen) ?? kinds.kinds[0];
  const upload = useImportChange((file: File) => uploadImport(kind?.code ?? "", file));
  if (!kind) return null;
  const isChinese = i18n.language === "zh";
  return (
    <Space orientation="vertical" size="middle" style={{ width: "100%" }}>
      <Radio.Group
        aria-label={t("upload.kind")}
        optionType="button"
        value={kind.code}
        onChange={({ target }) => setChosen(target.value)}
        options={kinds.kinds.map(({ code, zh, en }) => ({ value: code, label: isChinese ? zh : en }))}
      />
      <Upload.Dragger
        accept=".csv,.txt,.xlsx"
        maxCount={1}
        showUploadList={false}
        disabled={upload.isPending}
        beforeUpload={(file) => {
          upload.mutate(file, { onSuccess: onUploaded });
          return false;
        }}
      >
        <FileSpreadsheet size={32} strokeWidth={1.4} aria-hidden />
        <Typography.Paragraph strong style={{ margin: "8px 0 4px" }}>
          {upload.isPending ? t("upload.sending") : t("upload.drop")}
        </Typography.Paragraph>
        <Typography.Text type="secondary">
          {t("upload.limits", {
            megabytes: Math.floor(kinds.max_bytes / 1024 / 1024),
            rows: kinds.max_rows.toLocaleString(i18n.language),
          })}
        </Typography.Text>
      </Upload.Dragger>
      {upload.error && <ErrorNotice error={upload.error} />}
      <Space wrap>
        <Typography.Text type="secondary">{t("upload.template")}</Typography.Text>
        {(["xlsx", "csv"] as const).map((format) => (
          <Button key={format} size="small" href={templateAddress(kind.code, format)} download>
            {format.toUpperCase()}
          </Button>
        ))}
      </Space>
    </Space>
  );
}
