import { App, Button } from "antd";
import { Hand } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Task } from "../model/queries";
import { useTaskChanges } from "../model/useTaskChanges";

/** Nobody has it yet: take it, before working on it. */
export function ClaimTask({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const { message } = App.useApp();
  const { claim } = useTaskChanges();
  const [isClaiming, setClaiming] = useState(false);
  return (
    <Button
      type="primary"
      icon={<Hand size={16} />}
      loading={isClaiming}
      onClick={async () => {
        setClaiming(true);
        if (await claim(task.id)) message.success(t("task.claimed"));
        setClaiming(false);
      }}
    >
      {t("task.claim")}
    </Button>
  );
}
