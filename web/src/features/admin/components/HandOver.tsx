import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";
import styles from "./HandOver.module.css";

export interface HandOverLine {
  label: string;
  value: string;
}

interface Props {
  title: string;
  hint: string;
  lines: readonly HandOverLine[];
  onClose: () => void;
}

/** What somebody needs to log in or to set a telephone up, shown once, to be copied. */
export function HandOver({ title, hint, lines, onClose }: Props) {
  const { t } = useTranslation("admin");
  const all = lines.map(({ label, value }) => `${label}: ${value}`).join("\n");
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <div className={styles.buttons}>
          <CopyButton text={all} label={t("handOver.copyAll")} />
          <Button type="primary" onClick={onClose}>
            {t("handOver.done")}
          </Button>
        </div>
      }
    >
      <p className={styles.hint}>{hint}</p>
      <dl className={styles.lines}>
        {lines.map(({ label, value }) => (
          <div key={label} className={styles.line}>
            <dt>{label}</dt>
            <dd>
              <code>{value}</code>
              <CopyButton text={value} name={label} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
