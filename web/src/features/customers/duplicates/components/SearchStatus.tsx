import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Progress, Space, Typography } from "antd";
import { ScanSearch } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { lastSearchQuery, startSearch } from "../model/queries";

/** When all customers were last looked through, and looking again. */
export function SearchStatus() {
  const { t } = useTranslation("duplicates");
  const zone = useTimeZone();
  const client = useQueryClient();
  const { message } = App.useApp();
  const last = useQuery(lastSearchQuery);
  const start = useMutation({
    mutationFn: startSearch,
    onSuccess: ({ search }) => client.setQueryData(lastSearchQuery.queryKey, search),
    onError: (error) => void message.error(problemText(error)),
  });
  const isRunning = last.data?.state === "running";
  const found = last.data?.found ?? 0;
  useEffect(() => {
    if (!isRunning) void client.invalidateQueries({ queryKey: ["duplicates", "list"] });
  }, [client, isRunning]);
  const percent = last.data?.total ? Math.floor((100 * last.data.finished) / last.data.total) : 0;
  return (
    <Space>
      {isRunning && <Progress type="circle" size={28} percent={percent} aria-label={t("search.progress")} />}
      {last.data?.ended_at && !isRunning && (
        <Typography.Text type="secondary">
          {t("search.last", { at: formatInstant(last.data.ended_at, zone), count: found })}
        </Typography.Text>
      )}
      <Button
        icon={<ScanSearch size={16} />}
        loading={isRunning || start.isPending}
        onClick={() => start.mutate()}
      >
        {isRunning ? t("search.running") : t("search.start")}
      </Button>
    </Space>
  );
}
