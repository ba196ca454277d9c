import { Link } from "@tanstack/react-router";
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { ACTIONS, keysOf, printKeys, useShortcuts } from "@/lib/shortcuts";
import { KbdHint } from "@/ui/KbdHint";
import styles from "./ShortcutSheet.module.css";

/** Every shortcut on one sheet, as this user has set them. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("me");
  const { isOn, changed } = useShortcuts();
  const rows = [
    ...ACTIONS.map((action) => [action, printKeys(keysOf(action, changed))] as const),
    ["state", "Alt 1…9"] as const,
  ];
  return (
    <Modal open title={t("shortcuts.title")} footer={null} onCancel={onClose} width={420}>
      {!isOn && <p className={styles.hint}>{t("shortcuts.areOff")}</p>}
      <dl className={styles.sheet}>
        {rows.map(([name, keys]) => (
          <div key={name} className={styles.row}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>{keys ? <KbdHint keys={keys} /> : t("shortcuts.none")}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.hint}>
        {t("shortcuts.hint")}{" "}
        <Link to="/me/shortcuts" onClick={onClose}>
          {t("shortcuts.change")}
        </Link>
      </p>
    </Modal>
  );
}
