import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert, Form } from "antd";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/bytes";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { dueQuery } from "./queries";

interface Props {
  /** None while what is typed is no period. */
  days: number | null;
  bytesADay: number;
}

/** What a period would delete now, and the room that it needs as recordings grow. */
export function DueNotice({ days, bytesADay }: Props) {
  const { t } = useTranslation("retention");
  const due = useQuery({ ...dueQuery(days ?? 1), enabled: days !== null, placeholderData: keepPreviousData });
  if (days === null) return null;
  if (due.isError) return <ErrorNotice error={due.error} onRetry={() => void due.refetch()} />;
  if (!due.data) return null;
  const { recordings, size_bytes, held } = due.data;
  const words =
    recordings > 0 ? t("due", { count: recordings, size: formatBytes(size_bytes) }) : t("nothingDue");
  const rest = held > 0 ? t("heldBack", { count: held }) : "";
  return (
    <Form.Item>
      <Alert
        type={recordings > 0 ? "warning" : "info"}
        showIcon
        title={`${words} ${rest}`.trim()}
        description={bytesADay > 0 && `${t("needs")} ${formatBytes(bytesADay * days)}`}
      />
    </Form.Item>
  );
}
