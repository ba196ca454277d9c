import { Button } from "antd";
import { Phone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone, useUser } from "@/api/session";
import { useDial } from "@/features/softphone";
import { formatNumber } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { DIRECTION_ICONS } from "@/ui/DirectedNumber";
import { PageHeader } from "@/ui/PageHeader";
import { StatusTag } from "@/ui/StatusTag";
import { betweenWhom } from "../model/internal";
import { outcomeTone } from "../model/outcomes";
import type { ContactDetail } from "../model/queries";
import { useHistoryWords } from "../model/useHistoryWords";
import styles from "./ContactHead.module.css";
import { MakeTest } from "./MakeTest";
import { MissedActions } from "./MissedActions";

/** Whose contact, which way, when, and how it came out; with the call back. */
export function ContactHead({ contact }: { contact: ContactDetail }) {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  const { causeOf } = useHistoryWords();
  const canDial = useUser()?.agent != null;
  const mayMakeTest = useRight("admin") && contact.direction === "inbound" && contact.ended_at !== null;
  const { dial, isDialling } = useDial();
  const isMissed =
    contact.direction === "inbound" && (contact.outcome === "abandoned" || contact.outcome === "overflowed");
  const Direction = DIRECTION_ICONS[contact.direction];
  const isInternal = contact.direction === "internal";
  const number = formatNumber(contact.number ?? contact.masked) || t("withheld");
  return (
    <>
      <PageHeader
        title={isInternal ? betweenWhom(contact) : (contact.customer?.name ?? number)}
        actions={
          <>
            {mayMakeTest && <MakeTest interaction_id={contact.id} />}
            {isMissed ? (
              <MissedActions contact={contact} />
            ) : (
              canDial &&
              !isInternal && (
                <Button
                  icon={<Phone size={15} />}
                  disabled={!contact.masked || contact.ended_at === null}
                  loading={isDialling}
                  onClick={() => void dial({ interaction_id: contact.id })}
                >
                  {t("call")}
                </Button>
              )
            )}
          </>
        }
      />
      <p className={styles.line}>
        <Direction size={16} aria-hidden />
        {t(`direction.${contact.direction}`)}
        <time dateTime={contact.started_at}>{formatInstant(contact.started_at, zone)}</time>
        <StatusTag tone={outcomeTone[contact.outcome]} hasDot={contact.outcome === ""}>
          {t(`outcome.${contact.outcome || "live"}`)}
        </StatusTag>
        {contact.outcome === "not_reached" && causeOf(contact.end_reason)}
        {contact.disposition && <StatusTag tone="talk">{contact.disposition}</StatusTag>}
      </p>
    </>
  );
}
