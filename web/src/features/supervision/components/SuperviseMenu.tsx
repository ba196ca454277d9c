import { App, Button, Dropdown } from "antd";
import { Headphones } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { useCommand } from "@/features/softphone";
import type { InteractionRow, MonitoringMode } from "@/live/messages";
import { send, useLive } from "@/live/store";
import styles from "./SuperviseMenu.module.css";

const BESIDE = ["listen", "whisper", "barge"] as const satisfies readonly MonitoringMode[];

/** What a supervisor may do with a running conversation that is not the supervisor's own. */
export function SuperviseMenu({ row, agent }: { row: InteractionRow; agent: string }) {
  const { t } = useTranslation("supervision");
  const { modal } = App.useApp();
  const me = useUser()?.agent?.id;
  const { attempt, isBusy } = useCommand();
  if (row.agent === null || row.agent === me || !["talking", "held"].includes(row.phase)) return null;

  /** A supervisor who has not signed in yet means to: being put beside a call needs no more. */
  const beside = (mode: MonitoringMode) =>
    attempt(async () => {
      if (useLive.getState().me?.state === "logged_out") await send({ do: "SignIn" });
      await send({ do: "Monitor", interaction: row.id, mode });
    });
  const takeOver = () =>
    modal.confirm({
      title: t("takeOverSure"),
      content: t("takeOverText"),
      okText: t("yesTakeOver"),
      cancelText: t("cancel"),
      onOk: () => beside("take_over"),
    });
  const disconnect = () =>
    modal.confirm({
      title: t("disconnectSure"),
      content: t("disconnectText"),
      okText: t("yesDisconnect"),
      okButtonProps: { danger: true },
      cancelText: t("cancel"),
      onOk: () => attempt(() => send({ do: "Disconnect", interaction: row.id })),
    });
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          ...BESIDE.map((mode) => ({
            key: mode,
            label: <Choice word={t(`mode.${mode}`)} hint={t(`hint.${mode}`)} />,
            onClick: () => void beside(mode),
          })),
          { type: "divider" },
          {
            key: "take_over",
            label: <Choice word={t("mode.take_over")} hint={t("hint.take_over")} />,
            onClick: takeOver,
          },
          { key: "disconnect", danger: true, label: t("disconnect"), onClick: disconnect },
        ],
      }}
    >
      <Button
        type="text"
        size="small"
        loading={isBusy}
        icon={<Headphones size={16} />}
        aria-label={t("menuOf", { name: agent })}
      />
    </Dropdown>
  );
}

function Choice({ word, hint }: { word: string; hint: string }) {
  return (
    <span className={styles.choice}>
      <span>{word}</span>
      <span className={styles.hint}>{hint}</span>
    </span>
  );
}
