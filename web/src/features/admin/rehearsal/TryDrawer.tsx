import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Queue } from "../model/api";
import { RehearsalPanel } from "./RehearsalPanel";
import type { QueueChanges } from "./resources";

interface Props {
  queue: Queue;
  queues: readonly Queue[];
  /** The form's values at the moment of trying. */
  changesOf: () => QueueChanges;
  onClose: () => void;
}

/** Tries a queue's settings before they are saved, beside those in force. */
export function TryDrawer({ queue, queues, changesOf, onClose }: Props) {
  const { t } = useTranslation("rehearsal");
  return (
    <Drawer open size={960} title={t("drawer", { name: queue.name })} onClose={onClose}>
      <p>{t("drawerHint")}</p>
      <RehearsalPanel queues={queues} queue={queue} changesOf={changesOf} />
    </Drawer>
  );
}
