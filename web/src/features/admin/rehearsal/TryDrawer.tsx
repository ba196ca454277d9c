import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import type { Queue } from "../model/api";
import styles from "./Rehearsal.module.css";
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
  const { t, i18n } = useTranslation("rehearsal");
  return (
    <Drawer open size={960} title={t("drawer", { name: localName(queue, i18n.language) })} onClose={onClose}>
      <p className={styles.facts}>{t("drawerHint")}</p>
      <RehearsalPanel queues={queues} queue={queue} changesOf={changesOf} />
    </Drawer>
  );
}
