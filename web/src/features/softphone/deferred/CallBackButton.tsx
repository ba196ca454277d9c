import { Button } from "antd";
import { PhoneOutgoing } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { InteractionRow } from "@/live/messages";
import { useCommand } from "../model/useCommand";

/** Calls the customer whose message the agent has, on the same contact; a callback is dialled by itself. */
export function CallBackButton({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("deferred");
  const { ask, isBusy } = useCommand();
  if (row.medium !== "voicemail") return <span>{t("dialling")}</span>;
  return (
    <Button
      shape="round"
      icon={<PhoneOutgoing size={16} />}
      loading={isBusy}
      onClick={() => void ask({ do: "CallBack", interaction: row.id })}
    >
      {t("callBack")}
    </Button>
  );
}
