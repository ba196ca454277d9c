import { Button } from "antd";
import { Phone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import type { Task } from "../model/queries";
import { useTaskChanges } from "../model/useTaskChanges";
import styles from "./TaskDrawer.module.css";

/** The customer's numbers; a press calls one, and the call is kept with the task. */
export function TaskCalls({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const hasDesk = useRight("desk");
  const { dial } = useTaskChanges();
  const [dialling, setDialling] = useState<number>();
  if (!hasDesk) return null;
  if (task.numbers.length === 0) return <p className={styles.minor}>{t("task.noNumber")}</p>;
  return (
    <div className={styles.calls}>
      {task.numbers.map(({ id, number, masked }) => {
        const shown = formatNumber(number ?? masked);
        return (
          <Button
            key={id}
            icon={<Phone size={15} />}
            loading={dialling === id}
            aria-label={t("task.call", { number: shown })}
            onClick={async () => {
              setDialling(id);
              await dial(task.id, id);
              setDialling(undefined);
            }}
          >
            <span className="numbers">{shown}</span>
          </Button>
        );
      })}
    </div>
  );
}
