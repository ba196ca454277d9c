import { useMutation } from "@tanstack/react-query";
import { Alert, App, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { downloadPersonalData } from "../model/queries";
import styles from "./ErasureDrawer.module.css";

const CONTENTS = ["record", "contacts", "recordings", "others"] as const;

/** Says what the file holds before it is made. */
export function HandOverModal({ customer, onClose }: { customer: number; onClose: () => void }) {
  const { t } = useTranslation("privacy");
  const { message } = App.useApp();
  const download = useMutation({
    mutationFn: () => downloadPersonalData(customer),
    onSuccess: () => {
      void message.success(t("handOver.done"));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t("handOver.title")}
      okText={t("handOver.download")}
      cancelText={t("handOver.close")}
      confirmLoading={download.isPending}
      onOk={() => download.mutate()}
      onCancel={onClose}
    >
      <div className={styles.column}>
        <p>{t("handOver.intro")}</p>
        <ul className={styles.contents}>
          {CONTENTS.map((each) => (
            <li key={each}>{t(`handOver.${each}`)}</li>
          ))}
        </ul>
        <p>{t("handOver.forms")}</p>
        <Alert type="warning" showIcon title={t("handOver.careful")} />
        {download.error && <ErrorNotice error={download.error} />}
      </div>
    </Modal>
  );
}
