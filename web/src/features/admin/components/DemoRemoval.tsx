import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { removeDemo } from "../model/company";
import styles from "./DemoRemoval.module.css";

/** The code of the demo company, by which it is known to everybody. */
const CODE = "demo";

/** Removes the demo company in one action, after its code was typed; who belonged to it begins with one's own. */
export function DemoRemoval({ isMine }: { isMine: boolean }) {
  const { t } = useTranslation("admin");
  const { message } = App.useApp();
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const field = useId();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: removeDemo,
    onSuccess: async () => {
      if (!isMine) {
        message.success(t("demo.removed"));
        return queryClient.invalidateQueries({ queryKey: ["settings"] });
      }
      queryClient.clear();
      await navigate({ to: "/setup" });
    },
  });
  const close = () => {
    setAsking(false);
    setTyped("");
    removal.reset();
  };
  return (
    <Card title={t("demo.title")}>
      <p className={styles.hint}>{isMine ? t("demo.hint") : t("demo.hintBeside")}</p>
      {isMine && (
        <p className={styles.hint}>
          <Link to="/setup">{t("demo.own")}</Link>
        </p>
      )}
      <Button danger onClick={() => setAsking(true)}>
        {t("demo.remove")}
      </Button>
      <Modal
        open={isAsking}
        title={t("demo.question")}
        onCancel={close}
        okText={t("demo.confirm")}
        cancelText={t("list.keep")}
        okButtonProps={{ danger: true, disabled: typed.trim() !== CODE, loading: removal.isPending }}
        onOk={() => removal.mutate()}
        destroyOnHidden
      >
        <p className={styles.hint}>{isMine ? t("demo.consequence") : t("demo.consequenceBeside")}</p>
        <label htmlFor={field}>{t("demo.type", { code: CODE })}</label>
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
