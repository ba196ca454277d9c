import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Popconfirm, Space } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Callback, cancelCallback } from "../model/queries";

const ReassignDialog = lazy(async () => ({ default: (await import("./ReassignDialog")).ReassignDialog }));

/** What a lead does with one that waits. */
export function CallbackActions({ row }: { row: Callback }) {
  const { t } = useTranslation("callbacks");
  const client = useQueryClient();
  const [isReassigning, setReassigning] = useState(false);
  const cancelling = useMutation({
    mutationFn: () => cancelCallback(row.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["callbacks"] }),
  });
  return (
    <Space size={4}>
      <Button size="small" onClick={() => setReassigning(true)}>
        {t("reassign.open")}
      </Button>
      <Popconfirm
        title={t("cancel.title")}
        description={t("cancel.hint")}
        okText={t("cancel.ok")}
        cancelText={t("keep")}
        onConfirm={() => cancelling.mutate()}
      >
        <Button size="small" danger loading={cancelling.isPending}>
          {t("cancel.open")}
        </Button>
      </Popconfirm>
      {cancelling.isError && <ErrorNotice error={cancelling.error} />}
      <Suspense fallback={null}>
        {isReassigning && <ReassignDialog row={row} onClose={() => setReassigning(false)} />}
      </Suspense>
    </Space>
  );
}
