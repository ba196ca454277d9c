import { App, Button, Dropdown, Input } from "antd";
import { AlarmClock, Ban, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PersonSelect } from "@/features/timeline";
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
  const isCare = task.anchor_on !== null;
  const giveUp = () => {
    let reason = "";
    modal.confirm({
      title: t(isCare ? "task.skipSure" : "task.cancelSure"),
      okText: t(isCare ? "task.skip" : "task.cancelTask"),
      content: isCare && (
        <Input.TextArea
          autoFocus
          rows={2}
          maxLength={1000}
          aria-label={t("task.skipReason")}
          placeholder={t("task.skipReason")}
          onChange={(event) => {
            reason = event.target.value.trim();
          }}
        />
      ),
      onOk: async () => {
        if (!(await cancel(task.id, { outcome: "", result: reason }))) throw new Error("kept open");
        onDone(true);
      },
    });
  };
  const give = () => {
    let colleague: number | undefined;
    modal.confirm({
      title: t("task.giveTo"),
      okText: t("task.give"),
      content: (
        <OwnerChoice
          onChange={(one) => {
            colleague = one;
          }}
        />
      ),
      onOk: async () => {
        if (colleague === undefined || !(await change(task.id, { owner_id: colleague })))
          throw new Error("kept open");
        message.success(t("task.given"));
        onDone(true);
      },
    });
  };
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
      <Button type="text" icon={<UserRoundPlus size={16} />} aria-label={t("task.giveTo")} onClick={give} />
      <Button
        type="text"
        icon={<Ban size={16} />}
        aria-label={t(isCare ? "task.skip" : "task.cancelTask")}
        onClick={giveUp}
      />
    </>
  );
}

/** `PersonSelect` that remembers its choice: a modal's content stands outside the drawer's state. */
function OwnerChoice({ onChange }: { onChange: (owner: number | undefined) => void }) {
  const { t } = useTranslation("tasks");
  const [owner, setOwner] = useState<number>();
  return (
    <PersonSelect
      label={t("task.giveTo")}
      value={owner}
      onChange={(one) => {
        setOwner(one);
        onChange(one);
      }}
    />
  );
}
