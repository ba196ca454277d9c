import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown } from "antd";
import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { type Right, useRight } from "@/api/session";
import { EXPORT_FORMATS, type ExportFormat, exportAddress } from "./list-search";

interface Props {
  /** the list's address, "/api/users" */
  path: string;
  /** what the list is asked for; its page is left out */
  query: object;
  /** who lacks it sees no button */
  right?: Right;
}

/** Takes what a list shows, all its pages, as a file: at once where it is short, else made by the worker. */
export function ExportButton({ path, query, right = "lists.export" }: Props) {
  const { t } = useTranslation("ui");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const mayExport = useRight(right);
  // the settings, where plans are made, are the administrators'
  const mayPlan = useRight("admin");
  const plan = () => {
    const asked = exportAddress(path, query, "csv").split("?")[1] ?? "";
    const kept = new URLSearchParams(asked);
    kept.delete("format");
    void navigate({
      to: "/admin/$section",
      params: { section: "file-exchange" },
      search: { open: "new", list: path, query: kept.toString() },
    });
  };
  const take = async (format: ExportFormat) => {
    setAsking(true);
    try {
      const address = exportAddress(path, query, format);
      const ordered = await bodyOf(
        api.POST("/api/exports", {
          body: { list_path: path, query: address.split("?")[1] ?? "", format, columns: [], reason: "" },
        }),
      );
      if (!ordered.export) return download(address);
      void message.success({
        content: (
          <>
            {t(ordered.export.state === "waiting" ? "export.waiting" : "export.making", {
              rows: ordered.rows,
            })}{" "}
            <Button type="link" size="small" onClick={() => void navigate({ to: "/exports", search: {} })}>
              {t("export.show")}
            </Button>
          </>
        ),
        duration: 8,
      });
    } catch (error) {
      void message.error(problemText(error));
    } finally {
      setAsking(false);
    }
  };
  if (!mayExport) return null;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          ...EXPORT_FORMATS.map((format) => ({
            key: format,
            label: t(`list.formats.${format}`),
            onClick: () => void take(format),
          })),
          ...(mayPlan
            ? [{ type: "divider" as const }, { key: "plan", label: t("export.plan"), onClick: plan }]
            : []),
        ],
      }}
    >
      <Button icon={<Download size={16} />} loading={isAsking}>
        {t("list.export")}
      </Button>
    </Dropdown>
  );
}

function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
