import { Button } from "antd";
import { CalendarPlus, NotebookPen } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNotes } from "../model/useNotes";
import { NoteField } from "./NoteField";
import styles from "./TimelineActions.module.css";

const PlanDrawer = lazy(async () => ({
  default: (await import("@/features/tasks/components/PlanDrawer")).PlanDrawer,
}));

/** What one adds: a note, or something to do later. */
export function TimelineActions({
  customer,
  interaction,
}: {
  customer: number;
  interaction: string | undefined;
}) {
  const { t } = useTranslation("timeline");
  const notes = useNotes();
  const [isWriting, setWriting] = useState(false);
  const [isPlanning, setPlanning] = useState(false);
  return (
    <>
      {isWriting ? (
        <NoteField
          onSave={async (text, mentions) => {
            const isDone = await notes.write({
              customer_id: customer,
              ...(interaction && { interaction_id: interaction }),
              text,
              mentions,
            });
            if (isDone) setWriting(false);
          }}
          onCancel={() => setWriting(false)}
        />
      ) : (
        <div className={styles.actions}>
          <Button icon={<NotebookPen size={15} />} onClick={() => setWriting(true)}>
            {t("note.write")}
          </Button>
          <Button icon={<CalendarPlus size={15} />} onClick={() => setPlanning(true)}>
            {t("followUp.plan")}
          </Button>
        </div>
      )}
      {isPlanning && (
        <Suspense fallback={null}>
          <PlanDrawer customer={customer} onClose={() => setPlanning(false)} />
        </Suspense>
      )}
    </>
  );
}
