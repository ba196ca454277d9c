import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Phone, PhoneIncoming, PhoneOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { usePrintedKeys } from "@/lib/shortcuts";
import { secondsUntil } from "@/lib/time";
import { useHotkeys, useShortcutActions } from "@/lib/useHotkeys";
import type { InteractionRow, OfferRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useColleague } from "@/live/useColleague";
import { useServerNow } from "@/live/useServerNow";
import { KbdHint } from "@/ui/KbdHint";
import { StatusTag } from "@/ui/StatusTag";
import { useRinging } from "../model/useRinging";
import styles from "./OfferCard.module.css";

interface Props {
  row: InteractionRow;
  offer: OfferRow;
  /** A SIP telephone on the table rings: it is answered there. */
  isAnsweredHere: boolean;
  isAnswering: boolean;
  onAnswer: () => void;
  onReject: () => void;
}

/** A call that rings for this agent: who, for what, how long still; answer with F8 or Enter. */
export function OfferCard({ row, offer, isAnsweredHere, isAnswering, onAnswer, onReject }: Props) {
  const { t, i18n } = useTranslation(["softphone", "api"]);
  const now_ms = useServerNow();
  const queue = useLive((state) => state.queues).find((each) => each.id === row.queue);
  const pop = useQuery(popQuery(row.id)).data;
  const from = useLive((state) => state.colleagues).find((each) => each.id === handedBy(row, offer));
  const note = row.consult?.note ?? row.note;
  const number = formatNumber(pop?.masked ?? row.customer_number ?? "") || t("call.hiddenNumber");
  const customer = pop?.matches.length === 1 ? pop.matches[0] : undefined;
  const colleague = useColleague(row);
  const name = colleague ?? customer?.customer.name;
  const whole_s = Math.max(1, (Date.parse(offer.expires_at) - Date.parse(offer.offered_at)) / 1000);
  const left_s = secondsUntil(offer.expires_at, now_ms);
  useRinging({
    title: t("offer.title"),
    body: [name, number, queue && localName(queue, i18n.language)].filter(Boolean).join(" · "),
    tag: offer.offer,
    queue: row.queue,
  });
  const title = !row.medium || row.medium === "voice" ? t("offer.title") : t(`offer.${row.medium}`);
  const answerKeys = usePrintedKeys("answer");
  useShortcutActions(isAnsweredHere ? { answer: onAnswer } : {});
  useHotkeys(isAnsweredHere ? [{ code: "Enter", act: onAnswer }] : []);

  return (
    <section className={styles.card} role="alert" aria-label={t("offer.title")}>
      <div className={styles.head}>
        <PhoneIncoming size={16} aria-hidden />
        <strong>{title}</strong>
        {queue && <span className={styles.queue}>{localName(queue, i18n.language)}</span>}
      </div>
      <div className={styles.body}>
        <Countdown left_s={left_s} whole_s={whole_s} label={t("offer.left", { seconds: left_s })} />
        <div className={styles.who}>
          <strong className={styles.name}>{name ?? number}</strong>
          {name && !colleague && <span className="numbers">{number}</span>}
          {colleague && <span>{t("offer.colleague")}</span>}
          <span className={styles.place}>
            {[pop?.place, row.path.length > 0 && t("offer.path", { keys: row.path.join(" › ") })]
              .filter(Boolean)
              .join(" · ")}
          </span>
          <span className={styles.tags}>
            {customer && customer.customer.level !== "ordinary" && (
              <StatusTag tone="acw">{t(`api:level.${customer.customer.level}`)}</StatusTag>
            )}
            {(customer?.times_called ?? 0) > 1 && (
              <StatusTag tone="off">{t("offer.times", { count: customer?.times_called ?? 0 })}</StatusTag>
            )}
            {!colleague && pop?.matches.length === 0 && (
              <StatusTag tone="off">{t("offer.unknown")}</StatusTag>
            )}
            {pop && pop.matches.length > 1 && (
              <StatusTag tone="break">{t("offer.several", { count: pop.matches.length })}</StatusTag>
            )}
          </span>
        </div>
      </div>
      {(from || note) && (
        <p className={styles.note}>
          {from && <strong>{t(row.consult ? "offer.asks" : "offer.from", { name: from.name })}</strong>}
          {note}
        </p>
      )}
      {isAnsweredHere ? (
        <div className={styles.actions}>
          <Button
            size="large"
            className={styles.answer ?? ""}
            type="primary"
            icon={<Phone size={18} />}
            loading={isAnswering}
            onClick={onAnswer}
          >
            {t("offer.answer")} {answerKeys && <KbdHint keys={answerKeys} />}
          </Button>
          <Button size="large" icon={<PhoneOff size={18} />} disabled={isAnswering} onClick={onReject}>
            {t("offer.reject")}
          </Button>
        </div>
      ) : (
        <p className={styles.elsewhere}>{t("offer.onTelephone")}</p>
      )}
    </section>
  );
}

/** The colleague who sends this: one who consults, or who handed the contact on. */
function handedBy(row: InteractionRow, offer: OfferRow): number | null {
  if (row.consult && row.consult.by_agent !== offer.agent) return row.consult.by_agent;
  return row.from_agent === offer.agent ? null : row.from_agent; // a callback that it promised itself
}

const RADIUS = 25;
const ROUND = 2 * Math.PI * RADIUS;

function Countdown({ left_s, whole_s, label }: { left_s: number; whole_s: number; label: string }) {
  const gone = 1 - Math.min(1, left_s / whole_s);
  return (
    <svg className={styles.countdown} viewBox="0 0 60 60" role="img" aria-label={label}>
      <circle className={styles.track} cx="30" cy="30" r={RADIUS} />
      <circle
        className={styles.arc}
        cx="30"
        cy="30"
        r={RADIUS}
        strokeDasharray={ROUND}
        strokeDashoffset={ROUND * gone}
        transform="rotate(-90 30 30)"
      />
      <text x="30" y="36" textAnchor="middle">
        {left_s}
      </text>
    </svg>
  );
}
