import { App, Button, Dropdown } from "antd";
import { AlarmClock, Ban } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useServerNow } from "@/live/useServerNow";
import type { Task } from "../model/queries";
import { useTaskChanges } from "../model/useTaskChanges";

const MINUTE_MS = 60_000;
const SNOOZES = { snooze30: 30, snooze120: 120, snoozeTomorrow: 1440 } as const;

/** Put it off, or say that it need not be done. */
export function TaskActions({ task, onDone }: { task: Task; onDone: (isNextWanted: boolean) => void }) {
  const { t } = useTranslation("tasks");
  const { message, modal } = App.useApp();
  const now_ms = useServerNow();
  const { change, cancel } = useTaskChanges();
  const snooze = async (minutes: number) => {
    const at = new Date(now_ms + minutes * MINUTE_MS).toISOString();
    if (!(await change(task.id, { due_at: at, remind_at: at }))) return;
    message.success(t("task.snoozed"));
    onDone(true);
  };
  const giveUp = () =>
    modal.confirm({
      title: t("task.cancelSure"),
      okText: t("task.cancelTask"),
      onOk: async () => {
        if (await cancel(task.id, { outcome: "", result: "" })) onDone(true);
      },
    });
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: (Object.keys(SNOOZES) as (keyof typeof SNOOZES)[]).map((key) => ({
            key,
            label: t(`task.${key}`),
            onClick: () => void snooze(SNOOZES[key]),
          })),
        }}
      >
        <Button type="text" icon={<AlarmClock size={16} />}>
          {t("task.snooze")}
        </Button>
      </Dropdown>
      <Button type="text" icon={<Ban size={16} />} aria-label={t("task.cancelTask")} onClick={giveUp} />
    </>
  );
}
