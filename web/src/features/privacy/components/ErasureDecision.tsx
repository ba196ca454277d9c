import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Space } from "antd";
import { Check, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { decideErasure, type Erasure } from "../model/queries";
import styles from "./PersonalData.module.css";

/** For what waits: agree or refuse. Who asked cannot. */
export function ErasureDecision({ erasure }: { erasure: Erasure }) {
  const { t } = useTranslation("privacy");
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (isApproved: boolean) => decideErasure(erasure.id, isApproved),
    onError: (error) => message.error(problemText(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["erasures"] }),
  });
  if (erasure.state !== "waiting") return null;
  if (erasure.is_mine) return <span className={styles.own}>{t("decide.own")}</span>;
  const approve = () =>
    modal.confirm({
      title: t("decide.sure", { customer: erasure.customer_id }),
      content: t("decide.sureHint"),
      okText: t("decide.yes"),
      okButtonProps: { danger: true },
      cancelText: t("decide.no"),
      autoFocusButton: "cancel",
      onOk: () => decide.mutateAsync(true).catch(() => undefined),
    });
  return (
    <Space wrap size="small">
      <Button size="small" type="primary" icon={<Check size={14} />} onClick={approve}>
        {t("decide.approve")}
      </Button>
      <Button
        size="small"
        icon={<X size={14} />}
        loading={decide.isPending && decide.variables === false}
        onClick={() => decide.mutate(false)}
      >
        {t("decide.refuse")}
      </Button>
      <Link to="/customers/$customer" params={{ customer: String(erasure.customer_id) }}>
        {t("decide.look")}
      </Link>
    </Space>
  );
}
