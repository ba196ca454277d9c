import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { removeDemo } from "../model/company";
import styles from "./DemoRemoval.module.css";

/** Removes the demo company in one action, after its code was typed; then begins with one's own. */
export function DemoRemoval({ code }: { code: string }) {
  const { t } = useTranslation("admin");
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const field = useId();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: removeDemo,
    onSuccess: () => {
      queryClient.clear();
      void navigate({ to: "/setup" as string });
    },
  });
  const close = () => {
    setAsking(false);
    setTyped("");
    removal.reset();
  };
  return (
    <Card title={t("demo.title")}>
      <p className={styles.hint}>{t("demo.hint")}</p>
      <p className={styles.hint}>
        <Link to={"/setup" as string}>{t("demo.own")}</Link>
      </p>
      <Button danger onClick={() => setAsking(true)}>
        {t("demo.remove")}
      </Button>
      <Modal
        open={isAsking}
        title={t("demo.question")}
        onCancel={close}
        okText={t("demo.confirm")}
        cancelText={t("list.keep")}
        okButtonProps={{ danger: true, disabled: typed.trim() !== code, loading: removal.isPending }}
        onOk={() => removal.mutate()}
        destroyOnHidden
      >
        <p className={styles.hint}>{t("demo.consequence")}</p>
        <label htmlFor={field}>{t("demo.type", { code })}</label>
        <Input
          id={field}
          value={typed}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
        {removal.isError && <ErrorNotice error={removal.error} />}
      </Modal>
    </Card>
  );
}
