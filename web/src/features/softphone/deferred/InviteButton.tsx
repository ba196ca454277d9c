import { Button, Tooltip } from "antd";
import { Smile } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { InteractionRow } from "@/live/messages";
import { useCommand } from "../model/useCommand";

/** Ends the conversation; the customer stays on the line and is asked how it was. */
export function InviteButton({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("deferred");
  const { ask, isBusy } = useCommand();
  return (
    <Tooltip title={t("inviteHint")}>
      <Button
        type="text"
        shape="circle"
        disabled={isBusy}
        icon={<Smile size={18} />}
        aria-label={t("invite")}
        onClick={() => void ask({ do: "InviteSurvey", interaction: row.id })}
      />
    </Tooltip>
  );
}
