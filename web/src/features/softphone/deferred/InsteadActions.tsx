import { Button, Flex } from "antd";
import { PhoneForwarded, Voicemail } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { InteractionRow } from "@/live/messages";
import { useCommand } from "../model/useCommand";

interface Props {
  row: InteractionRow;
  /** For who calls back, or listens to the message; "": none. */
  note: string;
  onDone: () => void;
}

/** Instead of handing the customer on: let the customer be called back, or leave a message. */
export function InsteadActions({ row, note, onDone }: Props) {
  const { t } = useTranslation("deferred");
  const { ask, isBusy } = useCommand();
  if (row.queue === null || row.direction === "internal") return null;
  const wish = async (act: "CallLater" | "ToVoicemail") => {
    if (await ask({ do: act, interaction: row.id, ...(note ? { note } : {}) })) onDone();
  };
  return (
    <Flex gap={8} wrap>
      <Button
        size="small"
        icon={<PhoneForwarded size={14} />}
        disabled={isBusy}
        onClick={() => void wish("CallLater")}
      >
        {t("callLater")}
      </Button>
      <Button
        size="small"
        icon={<Voicemail size={14} />}
        disabled={isBusy}
        onClick={() => void wish("ToVoicemail")}
      >
        {t("toVoicemail")}
      </Button>
    </Flex>
  );
}
