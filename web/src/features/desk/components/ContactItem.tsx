import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PhoneIncoming, PhoneMissed, PhoneOutgoing, Users } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Contact, popQuery } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { isWrappingUp } from "@/features/softphone";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatShortInstant, secondsSince } from "@/lib/time";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useColleague } from "@/live/useColleague";
import { useServerNow } from "@/live/useServerNow";
import { useOutcomeWords } from "../model/useOutcomeWords";
import { countsSince } from "../model/work-list";
import styles from "./ContactItem.module.css";

interface ItemProps {
  id: string;
  isShown: boolean;
  direction: "inbound" | "outbound" | "internal";
  isMissed?: boolean;
  who: string;
  time: string;
  what: string;
  more?: ReactNode;
}

const ICONS = { inbound: PhoneIncoming, outbound: PhoneOutgoing, internal: Users };

function Item({ id, isShown, direction, isMissed = false, who, time, what, more }: ItemProps) {
  const { t } = useTranslation("desk");
  const Icon = isMissed ? PhoneMissed : ICONS[direction];
  return (
    <Link
      to="/desk/c/$interaction"
      params={{ interaction: id }}
      className={styles.item}
      data-shown={isShown}
      aria-current={isShown}
    >
      <span className={styles.icon} data-missed={isMissed}>
        <Icon size={16} role="img" aria-label={t(`direction.${direction}`)} />
      </span>
      <span className={styles.text}>
        <span className={styles.line}>
          <strong className={styles.who}>{who}</strong>
          <span className={styles.time}>{time}</span>
        </span>
        <span className={styles.what}>{what}</span>
        {more}
      </span>
    </Link>
  );
}

export function LiveItem({ row, isShown }: { row: InteractionRow; isShown: boolean }) {
  const { t, i18n } = useTranslation(["desk", "softphone"]);
  const now_ms = useServerNow();
  const queue = useLive((state) => state.queues).find((each) => each.id === row.queue);
  const pop = useQuery(popQuery(row.id)).data;
  const customer = pop?.matches.length === 1 ? pop.matches[0]?.customer : undefined;
  const number = formatNumber(pop?.masked ?? row.customer_number ?? "") || t("softphone:call.hiddenNumber");
  const me = useLive((state) => state.me);
  const colleague = useColleague(row);
  const isOver = isWrappingUp(me, row);
  const what = [
    isOver ? t("softphone:state.wrap_up") : t(`softphone:phase.${row.phase}`),
    queue && localName(queue, i18n.language),
    customer && number,
  ];
  return (
    <Item
      id={row.id}
      isShown={isShown}
      direction={row.direction}
      who={colleague ?? customer?.name ?? number}
      time={formatDuration(secondsSince(isOver ? me?.since : countsSince(row), now_ms))}
      what={what.filter(Boolean).join(" · ")}
    />
  );
}

export function RecentItem({ contact, isShown }: { contact: Contact; isShown: boolean }) {
  const { t } = useTranslation(["desk", "softphone"]);
  const outcomeOf = useOutcomeWords();
  const myId = useLive((state) => state.me?.id);
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const number = formatNumber(contact.masked) || t("softphone:call.hiddenNumber");
  return (
    <Item
      id={contact.id}
      isShown={isShown}
      direction={contact.direction}
      isMissed={contact.outcome === "abandoned"}
      who={contact.customer?.name ?? (contact.direction === "internal" ? otherOf(contact, myId) : number)}
      time={formatShortInstant(contact.started_at, zone, now_ms)}
      what={[contact.disposition || outcomeOf(contact), contact.talk_s > 0 && formatDuration(contact.talk_s)]
        .filter(Boolean)
        .join(" · ")}
    />
  );
}

/** Of a call between colleagues: the one of the two who is not this agent. */
function otherOf(contact: Contact, me: number | undefined): string {
  return (contact.agent === me ? contact.caller_agent_name : contact.agent_name) || contact.queue_name;
}
