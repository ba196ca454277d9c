import { App, Button } from "antd";
import { Copy, Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./SecondFactor.module.css";

interface Props {
  codes: readonly string[];
  onDone: () => void;
}

/** The recovery codes, this once: to be copied, saved or printed before going on. */
export function RecoveryCodes({ codes, onDone }: Props) {
  const { t } = useTranslation("second-factor");
  const { message } = App.useApp();
  const text = codes.join("\n");
  const copy = () =>
    navigator.clipboard
      ? navigator.clipboard.writeText(text).then(
          () => message.success(t("copied")),
          () => message.error(t("copyFailed")),
        )
      : message.error(t("copyFailed"));
  return (
    <section aria-label={t("codes")}>
      <p className={styles.hint}>{t("codesHint")}</p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button icon={<Copy size={16} />} onClick={() => void copy()}>
          {t("copy")}
        </Button>
        <Button
          icon={<Download size={16} />}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
          download={`${t("file")}.txt`}
        >
          {t("save")}
        </Button>
        <Button type="primary" onClick={onDone}>
          {t("kept")}
        </Button>
      </div>
    </section>
  );
}
