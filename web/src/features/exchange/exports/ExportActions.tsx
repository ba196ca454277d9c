import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Space } from "antd";
import { Check, Download, Trash2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useRight } from "@/api/session";
import { type Export, type ExportStep, exportFileAddress, stepExport } from "./queries";

/** What can be done with an export just now. */
export function ExportActions({ row }: { row: Export }) {
  const { t } = useTranslation("exchange");
  const { message } = App.useApp();
  const client = useQueryClient();
  const mayApprove = useRight("exports.approve");
  const administers = useRight("admin");
  const step = useMutation({
    mutationFn: (wanted: ExportStep) => stepExport(row.id, wanted),
    onError: (error) => message.error(problemText(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["exports"] }),
  });
  const isOwn = row.is_mine || administers;
  const button = (wanted: ExportStep, label: string, icon: React.ReactNode, primary = false) => (
    <Button
      key={wanted}
      size="small"
      type={primary ? "primary" : "default"}
      icon={icon}
      loading={step.isPending && step.variables === wanted}
      onClick={() => step.mutate(wanted)}
    >
      {label}
    </Button>
  );
  return (
    <Space wrap size="small">
      {row.state === "waiting" &&
        mayApprove &&
        !row.is_mine && [
          button("approve", t("exports.approve"), <Check size={14} />, true),
          button("refuse", t("exports.refuse"), <X size={14} />),
        ]}
      {(row.state === "waiting" || row.state === "running") &&
        isOwn &&
        button("cancel", t("exports.cancel"), <X size={14} />)}
      {row.state === "ready" && isOwn && (
        <>
          <Button
            size="small"
            type="primary"
            icon={<Download size={14} />}
            href={exportFileAddress(row.id)}
            download
          >
            {t("exports.download")}
          </Button>
          {button("delete", t("exports.remove"), <Trash2 size={14} />)}
        </>
      )}
    </Space>
  );
}
