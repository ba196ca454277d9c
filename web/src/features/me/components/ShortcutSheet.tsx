import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { KbdHint } from "@/ui/KbdHint";
import styles from "./ShortcutSheet.module.css";

const SHORTCUTS = [
  ["answer", "F8"],
  ["hangUp", "F9"],
  ["mute", "Alt M"],
  ["hold", "Alt H"],
  ["transfer", "Alt T"],
  ["swap", "Alt S"],
  ["dial", "Alt D"],
  ["state", "Alt 1…9"],
  ["next", "Alt J"],
  ["previous", "Alt K"],
  ["complete", "Alt Enter"],
  ["sheet", "Alt /"],
] as const;

/** Every shortcut on one sheet. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("me");
  return (
    <Modal open title={t("shortcuts.title")} footer={null} onCancel={onClose} width={420}>
      <dl className={styles.sheet}>
        {SHORTCUTS.map(([name, keys]) => (
          <div key={name} className={styles.row}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>
              <KbdHint keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.hint}>{t("shortcuts.hint")}</p>
    </Modal>
  );
}
