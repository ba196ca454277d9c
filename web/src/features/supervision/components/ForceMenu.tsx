import { App, Button, Dropdown } from "antd";
import { EllipsisVertical } from "lucide-react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { LendDialog } from "@/features/loans";
import { useCommand } from "@/features/softphone";
import type { AgentRow } from "@/live/messages";
import { send } from "@/live/store";

const IN_CALL: readonly AgentRow["state"][] = [
  "reserved",
  "alerting",
  "dialling",
  "talking",
  "consulting",
  "hold",
  "monitoring",
];

/** Set another agent's state; during a call it takes effect afterwards, and signing out is not to be had. */
export function ForceMenu({ row }: { row: AgentRow }) {
  const { t } = useTranslation(["supervision", "loans"]);
  const { message, modal } = App.useApp();
  const { attempt, isBusy } = useCommand();
  const mayForce = useRight("agents.force");
  const mayLend = useRight("agents.lend");
  const [isLending, setLending] = useState(false);
  if (row.state === "logged_out") return null;
  const isInCall = IN_CALL.includes(row.state);
  const force = async (state: "not_ready" | "ready" | "logged_out") => {
    const isDone = await attempt(() => send({ do: "ForceState", target: row.id, state }));
    if (isDone && isInCall) message.info(t("afterCall", { name: row.name }));
  };
  const signOut = () =>
    modal.confirm({
      title: t("forceSure", { name: row.name }),
      content: t("forceText"),
      okText: t("force.logged_out"),
      okButtonProps: { danger: true },
      cancelText: t("cancel"),
      onOk: () => force("logged_out"),
    });
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...(mayForce
              ? [
                  { key: "not_ready", label: t("force.not_ready"), onClick: () => void force("not_ready") },
                  { key: "ready", label: t("force.ready"), onClick: () => void force("ready") },
                  {
                    key: "logged_out",
                    danger: true,
                    disabled: isInCall,
                    label: t("force.logged_out"),
                    onClick: signOut,
                  },
                ]
              : []),
            ...(mayLend ? [{ key: "lend", label: t("loans:menu"), onClick: () => setLending(true) }] : []),
          ],
        }}
      >
        <Button
          type="text"
          size="small"
          loading={isBusy}
          icon={<EllipsisVertical size={15} />}
          aria-label={t("force.menu", { name: row.name })}
        />
      </Dropdown>
      {isLending && (
        <Suspense>
          <LendDialog row={row} onClose={() => setLending(false)} />
        </Suspense>
      )}
    </>
  );
}
