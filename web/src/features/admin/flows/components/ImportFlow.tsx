import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Upload } from "antd";
import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { importFlow } from "../model/tests";

/** Takes a flow's file: the draft of the flow of its name, or of a new one; says what the company lacks. */
export function ImportFlow({ onImported }: { onImported: (id: number) => void }) {
  const { t } = useTranslation("flows");
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const take = async (file: File) => {
    try {
      const { flow, missing } = await importFlow(JSON.parse(await file.text()));
      await queryClient.invalidateQueries({ queryKey: ["settings", "flows"] });
      if (missing.length > 0)
        modal.warning({
          title: t("file.missing", { name: flow.name }),
          content: (
            <ul>
              {missing.map(({ what, name }) => (
                <li key={`${what} ${name}`}>{t(`file.${what as "queues"}`, { name })}</li>
              ))}
            </ul>
          ),
        });
      else message.success(t("file.imported", { name: flow.name }));
      onImported(flow.id);
    } catch (error) {
      message.error(error instanceof SyntaxError ? t("file.noJson") : problemText(error));
    }
  };
  return (
    <Upload
      accept=".json"
      showUploadList={false}
      beforeUpload={(file) => {
        void take(file);
        return false;
      }}
    >
      <Button icon={<FileUp size={16} />}>{t("file.import")}</Button>
    </Upload>
  );
}
