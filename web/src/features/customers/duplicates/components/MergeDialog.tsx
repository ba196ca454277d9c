import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal, Radio, Space, Table, Typography } from "antd";
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Difference, findDifferences, toChosen } from "../model/comparison";
import { comparisonQuery, mergeCustomers, type Pair, type Side } from "../model/queries";
import { useFieldName } from "../model/useFieldName";

/** Two customers side by side: who stays, and per field whose value. Lists of both are joined. */
export function MergeDialog({ pair, onClose }: { pair: Pair; onClose: () => void }) {
  const { t } = useTranslation("duplicates");
  const { message } = App.useApp();
  const client = useQueryClient();
  const nameOf = useFieldName();
  const [ids, setIds] = useState({ kept: pair.one.id, merged: pair.other.id });
  const [choices, setChoices] = useState<Record<string, Side>>({});
  const both = useQuery(comparisonQuery(ids.kept, ids.merged));
  const differences = both.data ? findDifferences(both.data.kept, both.data.merged, both.data.fields) : [];
  const merge = useMutation({
    mutationFn: () => mergeCustomers(ids.kept, ids.merged, toChosen(differences, choices)),
    onSuccess: async (made) => {
      message.success(t("merge.done", { merged: made.merged_name, kept: made.kept_name }));
      await client.invalidateQueries({ queryKey: ["duplicates"] });
      await client.invalidateQueries({ queryKey: ["customers"] });
      onClose();
    },
  });
  const swap = () => {
    setIds({ kept: ids.merged, merged: ids.kept });
    setChoices({});
  };
  const choice = (row: Difference, side: "kept" | "merged") => (
    <Radio
      checked={(choices[row.field] ?? row.side) === side}
      onChange={() => setChoices({ ...choices, [row.field]: side })}
      aria-label={t("merge.take", { field: nameOf(row.field), value: row[side] || t("merge.nothing") })}
    >
      {row[side] || <Typography.Text type="secondary">{t("merge.nothing")}</Typography.Text>}
    </Radio>
  );
  return (
    <Modal
      open
      width={820}
      title={t("merge.title")}
      okText={t("merge.ok")}
      cancelText={t("merge.cancel")}
      okButtonProps={{ disabled: !both.data }}
      confirmLoading={merge.isPending}
      onOk={() => merge.mutate()}
      onCancel={onClose}
    >
      <Space orientation="vertical" size="middle" style={{ width: "100%" }}>
        <Typography.Text type="secondary">{t("merge.hint")}</Typography.Text>
        <Button icon={<ArrowLeftRight size={16} />} onClick={swap}>
          {t("merge.swap")}
        </Button>
        {both.error && <ErrorNotice error={both.error} onRetry={() => void both.refetch()} />}
        <Table<Difference>
          aria-label={t("merge.title")}
          size="small"
          rowKey="field"
          loading={both.isPending}
          pagination={false}
          dataSource={differences}
          scroll={{ y: 380 }}
          locale={{ emptyText: t("merge.equal") }}
          columns={[
            { key: "field", title: t("merge.field"), width: 130, render: (_, row) => nameOf(row.field) },
            {
              key: "kept",
              title: t("merge.kept", { name: both.data?.kept.name ?? "" }),
              render: (_, row) => choice(row, "kept"),
            },
            {
              key: "merged",
              title: t("merge.merged", { name: both.data?.merged.name ?? "" }),
              render: (_, row) => choice(row, "merged"),
            },
            {
              key: "both",
              title: <span className="visually-hidden">{t("merge.both")}</span>,
              width: 110,
              render: (_, row) =>
                row.field === "note" && row.kept && row.merged ? (
                  <Radio
                    checked={choices.note === "both"}
                    onChange={() => setChoices({ ...choices, note: "both" })}
                  >
                    {t("merge.both")}
                  </Radio>
                ) : null,
            },
          ]}
        />
        {merge.error && <ErrorNotice error={merge.error} />}
      </Space>
    </Modal>
  );
}
