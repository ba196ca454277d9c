import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { RecordingPlayer } from "@/features/recordings";
import { formatNumber } from "@/lib/numbers";
import type { Callback } from "../model/queries";
import styles from "./MessagePlayer.module.css";

interface Props {
  recording: string;
  row: Callback | undefined;
  onClose: () => void;
}

/** Lets the message be heard from the list, under the note that goes with it. */
export function MessagePlayer({ recording, row, onClose }: Props) {
  const { t } = useTranslation("callbacks");
  const who = row?.customer?.name ?? formatNumber(row?.number ?? row?.masked ?? "");
  return (
    <Modal open footer={null} title={t("messageOf", { who })} onCancel={onClose} destroyOnHidden>
      {row?.note && (
        <section aria-label={t("column.note")} className={styles.note}>
          {row.note_by && <strong>{t("noteBy", { name: row.note_by })}</strong>}
          <p>{row.note}</p>
        </section>
      )}
      <RecordingPlayer id={recording} state="ready" duration_s={row?.duration_s ?? null} isStarted />
    </Modal>
  );
}
