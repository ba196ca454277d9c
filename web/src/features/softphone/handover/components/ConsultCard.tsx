import { Button, Tooltip } from "antd";
import { ArrowRightLeft, Check, UserRoundX, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { usePrintedKeys } from "@/lib/shortcuts";
import { formatDuration, secondsSince } from "@/lib/time";
import { useShortcutActions } from "@/lib/useHotkeys";
import type { ConsultRow, DeskCommand, InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { withKeys } from "../../components/BarToggle";
import { useCommand } from "../../model/useCommand";
import { type PartyState, partyStates } from "../model";
import styles from "./ConsultCard.module.css";

const TONES: Record<PartyState, Tone> = { with: "talk", joined: "talk", music: "acw", ringing: "ring" };

/** What whoever is consulted reads of it. */
const ASKED = {
  ringing: "card.asksYou",
  talking: "card.asksYou",
  swapped: "card.aside",
  joined: "card.joinsYou",
} as const;

interface Props {
  row: InteractionRow;
  consult: ConsultRow;
  role: "leads" | "asked";
  /** Hangs below the desk's bar; else it stands where it is put. */
  isFloating?: boolean;
}

/** Hangs below the call bar while a second party is on the line: who hears whom, and what can be done next. */
export function ConsultCard({ row, consult, role, isFloating = true }: Props) {
  const { t } = useTranslation("handover");
  const name = useNameOf();
  return (
    <section className={styles.card} data-floating={isFloating} aria-label={t("card.label")}>
      {role === "leads" ? (
        <Leading row={row} consult={consult} />
      ) : (
        <div className={styles.asked}>
          <strong>{t(ASKED[consult.stage], { name: name(consult.by_agent) })}</strong>
          {consult.stage !== "joined" && (
            <span className={styles.quiet}>
              {t(consult.stage === "swapped" ? "card.youWait" : "card.customerWaits")}
            </span>
          )}
          {consult.note && <p className={styles.note}>{consult.note}</p>}
        </div>
      )}
    </section>
  );
}

function Leading({ row, consult }: { row: InteractionRow; consult: ConsultRow }) {
  const { t } = useTranslation(["handover", "softphone"]);
  const { ask, isBusy } = useCommand();
  const states = partyStates(consult);
  const number = row.customer_number ? formatNumber(row.customer_number) : t("softphone:call.hiddenNumber");
  const isThere = consult.stage !== "ringing";
  const isJoined = consult.stage === "joined";
  const does = (what: "CompleteTransfer" | "Conference" | "SwapParties" | "EndConsult"): DeskCommand => ({
    do: what,
    interaction: row.id,
  });
  const swap = () => void ask(does("SwapParties"));
  const swapKeys = usePrintedKeys("swap");
  const isHere = !consult.is_on_telephone;
  useShortcutActions({ swap: () => isThere && isHere && swap() });
  return (
    <>
      <ul className={styles.parties}>
        <Party name={t("card.customer")} detail={number} state={states.customer} />
        <Party {...useSecondParty(consult)} state={states.second} since={consult.answered_at} />
      </ul>
      <div className={styles.actions}>
        <Tooltip title={t("card.completeHint")}>
          <Button
            type="primary"
            disabled={!isThere || isBusy}
            icon={<Check size={16} />}
            onClick={() => void ask(does("CompleteTransfer"))}
          >
            {t("card.complete")}
          </Button>
        </Tooltip>
        {isHere && (
          <>
            <Button
              disabled={!isThere || isJoined || isBusy}
              icon={<Users size={16} />}
              onClick={() => void ask(does("Conference"))}
            >
              {t("card.conference")}
            </Button>
            {/* below: above it would lie over the buttons that are there */}
            <Tooltip placement="bottom" title={withKeys(t("card.swapHint"), swapKeys)}>
              <Button disabled={!isThere || isBusy} icon={<ArrowRightLeft size={16} />} onClick={swap}>
                {t("card.swap")}
              </Button>
            </Tooltip>
          </>
        )}
        <Button
          disabled={isBusy}
          icon={<UserRoundX size={16} />}
          onClick={() => void ask(does("EndConsult"))}
        >
          {t(isJoined ? "card.remove" : "card.cancel")}
        </Button>
      </div>
      {!isHere && <p className={styles.quiet}>{t("card.onTelephone")}</p>}
    </>
  );
}

interface PartyProps {
  name: string;
  detail?: string | undefined;
  state: PartyState;
  since?: string | null;
}

function Party({ name, detail, state, since = null }: PartyProps) {
  const { t } = useTranslation("handover");
  const now_ms = useServerNow();
  return (
    <li className={styles.party} data-state={state}>
      <strong className={styles.name}>{name}</strong>
      <span className={styles.quiet}>
        {detail}
        {since && <span className="numbers"> {formatDuration(secondsSince(since, now_ms))}</span>}
      </span>
      <StatusTag tone={TONES[state]} hasDot>
        {t(`card.${state}`)}
      </StatusTag>
    </li>
  );
}

function useNameOf(): (agent: number | null) => string {
  const colleagues = useLive((state) => state.colleagues);
  return (agent) => colleagues.find((each) => each.id === agent)?.name ?? "";
}

/** Who the second party is: an agent by name, a queue that is asked for one, or a number. */
function useSecondParty(consult: ConsultRow): { name: string; detail?: string } {
  const { t, i18n } = useTranslation("handover");
  const nameOf = useNameOf();
  const queues = useLive((state) => state.queues);
  const agent = consult.agent ?? (consult.kind === "agent" ? consult.target : null);
  if (consult.kind === "number")
    return { name: consult.number ? formatNumber(consult.number) : t("card.number") };
  const queue = queues.find((each) => consult.kind === "queue" && each.id === consult.target);
  const queueName = queue ? localName(queue, i18n.language) : "";
  if (agent === null) return { name: queueName, detail: t("card.queueSeek", { queue: queueName }) };
  return { name: nameOf(agent), ...(queueName ? { detail: queueName } : {}) };
}
