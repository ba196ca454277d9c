import { Alert, Button, Radio, Select, Space, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblemText } from "@/api/problem-text";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { changeImport, type Import, type ImportKind, stepImport } from "../model/queries";
import { assign, missingFields } from "../model/stage";
import { useImportChange } from "../model/useStep";
import { FileForm } from "./FileForm";

interface Props {
  found: Import;
  kind: ImportKind;
  encodings: readonly string[];
}

/** Which column is which field, and what becomes of rows that are known already. */
export function MappingStep({ found, kind, encodings }: Props) {
  const { t, i18n } = useTranslation("exchange");
  const [mapping, setMapping] = useState<Record<string, string>>(found.mapping);
  const [onMatch, setOnMatch] = useState(found.on_match);
  const check = useImportChange(async () => {
    await changeImport(found.id, { encoding: "", separator: "", mapping, on_match: onMatch });
    return stepImport(found.id, "check");
  });
  const word = ({ zh, en }: { zh: string; en: string }) => (i18n.language === "zh" ? zh : en);
  const missing = missingFields(kind.fields, mapping);
  const rows = found.titles.map((title, place) => ({
    place,
    title,
    sample: found.sample
      .map((cells) => cells[place])
      .filter(Boolean)
      .slice(0, 3)
      .join(" · "),
  }));
  return (
    <Card title={t("columns.title")}>
      <Space orientation="vertical" size="middle" style={{ width: "100%" }}>
        {found.state === "failed" && (
          <Alert
            type="error"
            showIcon
            title={fieldProblemText(found.problem)}
            description={t("columns.failed")}
          />
        )}
        {found.format === "csv" && <FileForm found={found} encodings={encodings} />}
        <Table
          aria-label={t("columns.title")}
          size="small"
          rowKey="place"
          pagination={false}
          dataSource={rows}
          scroll={{ x: "max-content" }}
          columns={[
            {
              key: "title",
              title: t("columns.column"),
              render: (_, row) => row.title || t("columns.unnamed", { number: row.place + 1 }),
            },
            {
              key: "sample",
              title: t("columns.sample"),
              render: (_, row) => (
                <Typography.Text type="secondary" ellipsis style={{ maxWidth: 360 }}>
                  {row.sample}
                </Typography.Text>
              ),
            },
            {
              key: "field",
              title: t("columns.field"),
              render: (_, row) => (
                <Select
                  aria-label={t("columns.fieldOf", { column: row.title || row.place + 1 })}
                  style={{ width: 220 }}
                  value={mapping[row.place] ?? ""}
                  onChange={(code) => setMapping(assign(mapping, row.place, code))}
                  showSearch={{ optionFilterProp: "label" }}
                  options={[
                    { value: "", label: t("columns.leaveOut") },
                    ...kind.fields.map((field) => ({
                      value: field.code,
                      label: field.is_required ? t("columns.required", { name: word(field) }) : word(field),
                    })),
                  ]}
                />
              ),
            },
          ]}
        />
        <div>
          <Typography.Paragraph strong style={{ marginBottom: 4 }}>
            {t("onMatch.title")}
          </Typography.Paragraph>
          <Radio.Group
            aria-label={t("onMatch.title")}
            value={onMatch}
            onChange={({ target }) => setOnMatch(target.value)}
          >
            <Radio value="skip">{t("onMatch.skip")}</Radio>
            <Radio value="change">{t("onMatch.change")}</Radio>
          </Radio.Group>
        </div>
        {missing.length > 0 && (
          <Alert
            type="warning"
            showIcon
            title={t("columns.missing", { names: missing.map(word).join(t("columns.comma")) })}
          />
        )}
        {check.error && <ErrorNotice error={check.error} />}
        <Space>
          <Button
            type="primary"
            disabled={missing.length > 0}
            loading={check.isPending}
            onClick={() => check.mutate(undefined)}
          >
            {t("columns.check")}
          </Button>
          <Typography.Text type="secondary">{t("columns.checkHint")}</Typography.Text>
        </Space>
      </Space>
    </Card>
  );
}
