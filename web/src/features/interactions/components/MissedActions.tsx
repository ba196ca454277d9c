import { Button } from "antd";
import { Check, Phone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDial } from "@/features/softphone";
import type { Contact } from "../model/queries";
import { useMarkHandled } from "../model/useMarkHandled";

/** Call a missed caller back, or say that it is done. */
export function MissedActions({ contact }: { contact: Contact }) {
  const { t } = useTranslation("interactions");
  const { dial, isDialling } = useDial();
  const { mark, isMarking } = useMarkHandled(contact.id);
  return (
    <span style={{ display: "inline-flex", gap: 8 }}>
      <Button
        size="small"
        type={contact.is_handled ? "default" : "primary"}
        icon={<Phone size={14} />}
        disabled={!contact.masked}
        loading={isDialling}
        onClick={() => void dial({ interaction_id: contact.id })}
      >
        {t("missed.callBack")}
      </Button>
      {contact.is_handled ? (
        <span style={{ alignSelf: "center", color: "var(--text-2)" }}>
          {t("missed.handledBy", { name: contact.handled_by })}
        </span>
      ) : (
        <Button size="small" icon={<Check size={14} />} loading={isMarking} onClick={() => void mark()}>
          {t("missed.done")}
        </Button>
      )}
    </span>
  );
}
