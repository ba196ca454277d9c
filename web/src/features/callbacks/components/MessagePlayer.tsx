import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { RecordingPlayer } from "@/features/recordings";
import { formatNumber } from "@/lib/numbers";
import type { Callback } from "../model/queries";

interface Props {
  recording: string;
  row: Callback | undefined;
  onClose: () => void;
}

/** Lets the message be heard from the list. */
export function MessagePlayer({ recording, row, onClose }: Props) {
  const { t } = useTranslation("callbacks");
  const who = row?.customer?.name ?? formatNumber(row?.number ?? row?.masked ?? "");
  return (
    <Modal open footer={null} title={t("messageOf", { who })} onCancel={onClose} destroyOnHidden>
      <RecordingPlayer id={recording} state="ready" duration_s={row?.duration_s ?? null} isStarted />
    </Modal>
  );
}
