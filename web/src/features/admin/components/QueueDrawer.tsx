import { Skeleton } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { type Queue, queues } from "../model/api";
import { FRESH_QUEUE, type QueueBody } from "../model/queue";
import { QueueFields } from "./QueueFields";
import { RecordDrawer } from "./RecordDrawer";

const TryButton = lazy(async () => ({ default: (await import("../rehearsal/TryButton")).TryButton }));

/** Make or change a queue: who serves it, how long each may take, what callers hear meanwhile. */
export function QueueDrawer({ queue, onClose }: { queue: Queue | null; onClose: () => void }) {
  const { t, i18n } = useTranslation("admin");
  return (
    <RecordDrawer<QueueBody>
      key={queue?.id ?? "new"}
      title={queue ? localName(queue, i18n.language) : t("queues.add")}
      width={560}
      initial={queue ?? FRESH_QUEUE}
      save={({ hours_id = null, ...values }) =>
        queue ? queues.change(queue.id, { ...values, hours_id }) : queues.create({ ...values, hours_id })
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <QueueFields queue={queue} form={form} />
          {queue && (
            <Suspense fallback={<Skeleton active title={false} />}>
              <TryButton
                queue={queue}
                changesOf={() => ({
                  ...form.getFieldsValue(true),
                  hours_id: form.getFieldValue("hours_id") ?? null,
                })}
              />
            </Suspense>
          )}
        </>
      )}
    </RecordDrawer>
  );
}
