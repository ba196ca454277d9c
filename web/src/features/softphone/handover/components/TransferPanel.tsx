import { App, Button, Tooltip } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { localName } from "@/lib/names";
import { toDialable } from "@/lib/numbers";
import type { DeskCommand, InteractionRow, Party } from "@/live/messages";
import { send, useLive } from "@/live/store";
import { Choice } from "@/ui/Choice";
import { GrowingTextArea } from "@/ui/GrowingTextArea";
import { StatusTag } from "@/ui/StatusTag";
import { TextInput } from "@/ui/TextInput";
import { InsteadActions } from "../../deferred/InsteadActions";
import { forTransfer, toneOf } from "../../model/contact";
import { useCommand } from "../../model/useCommand";
import { whyNoConsult } from "../model";
import styles from "./TransferPanel.module.css";

type Kind = Party["kind"];
const LONGEST_NOTE = 500;
const SLOT_IN_SIGHT_S = 6;

/**
 * Hand the call on: at once (盲转), or after speaking with whom it goes to (咨询); to an agent, a queue or a number,
 * back to the queue it came from, or onto a slot from which anybody fetches it (驻留).
 */
export function TransferPanel({ row, onDone }: { row: InteractionRow; onDone: () => void }) {
  const { t } = useTranslation("handover");
  const { ask, isBusy } = useCommand();
  const [kind, setKind] = useState<Kind>("agent");
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const noteId = useId();
  const hand = async (command: DeskCommand) => {
    if (await ask(command)) onDone();
  };
  const noted = note.trim() ? { note: note.trim() } : {};
  const choose = (how: "Transfer" | "Consult", party: Party) =>
    void hand({ do: how, interaction: row.id, ...noted, ...party });
  const number = toDialable(text);
  const hindrance = whyNoConsult(row);
  const noConsult = hindrance ? t(hindrance) : "";

  return (
    <section className={styles.panel} aria-label={t("to")}>
      <Choice<Kind>
        value={kind}
        label={t("to")}
        options={(["agent", "queue", "number"] as const).map((value) => ({ value, label: t(value) }))}
        onChange={(next) => {
          setKind(next);
          setText("");
        }}
      />
      {kind === "number" ? (
        <div className={styles.number}>
          <TextInput
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t("numberHint")}
            aria-label={t("number")}
          />
          <Ways
            isDisabled={!number || isBusy}
            noConsult={noConsult}
            onChoose={(how) => number && choose(how, { kind: "number", number })}
          />
        </div>
      ) : (
        <>
          <TextInput
            key={kind}
            autoFocus
            allowClear
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t("search")}
            aria-label={t("search")}
          />
          {kind === "agent" ? (
            <AgentTargets search={text} isBusy={isBusy} noConsult={noConsult} onChoose={choose} />
          ) : (
            <QueueTargets search={text} isBusy={isBusy} noConsult={noConsult} onChoose={choose} />
          )}
        </>
      )}
      {noConsult && <p className={styles.hindrance}>{noConsult}</p>}
      <label className={styles.note} htmlFor={noteId}>
        {t("noteLabel")}
        <GrowingTextArea
          id={noteId}
          value={note}
          maxLength={LONGEST_NOTE}
          placeholder={t("notePlaceholder")}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <div className={styles.aside}>
        {row.queue !== null && (
          <Tooltip title={t("backHint")}>
            <Button
              size="small"
              disabled={isBusy}
              onClick={() => void hand({ do: "Transfer", interaction: row.id, kind: "queue", ...noted })}
            >
              {t("back")}
            </Button>
          </Tooltip>
        )}
        <ParkButton interaction={row.id} note={note.trim()} onDone={onDone} />
        <InsteadActions row={row} note={note.trim()} onDone={onDone} />
      </div>
    </section>
  );
}

interface ParkProps {
  interaction: string;
  note: string;
  onDone: () => void;
}

/** Tells the slot, to be said to a colleague; the call stands in everybody's list as well. */
function ParkButton({ interaction, note, onDone }: ParkProps) {
  const { t } = useTranslation("handover");
  const { message } = App.useApp();
  const { attempt, isBusy } = useCommand();
  const park = () =>
    attempt(async () => {
      const { slot } = (await send({ do: "Park", interaction, ...(note ? { note } : {}) })) as {
        slot: number;
      };
      message.success(t("parkedOn", { slot }), SLOT_IN_SIGHT_S);
      onDone();
    });
  return (
    <Tooltip title={t("parkHint")}>
      <Button size="small" disabled={isBusy} onClick={() => void park()}>
        {t("park")}
      </Button>
    </Tooltip>
  );
}

interface WaysProps {
  isDisabled: boolean;
  /** Why nobody can be consulted now; "": somebody can be. */
  noConsult: string;
  /** Nobody is there to speak with, or to be handed to. */
  of?: string;
  onChoose: (how: "Transfer" | "Consult") => void;
}

/** Both ways to hand a call on; the careful one first. */
function Ways({ isDisabled, noConsult, of, onChoose }: WaysProps) {
  const { t } = useTranslation("handover");
  return (
    <>
      <Tooltip title={noConsult || t("consultHint")}>
        <Button
          size="small"
          type="primary"
          ghost
          disabled={isDisabled || noConsult !== ""}
          aria-label={of ? `${t("consult")} ${of}` : t("consult")}
          onClick={() => onChoose("Consult")}
        >
          {t("consult")}
        </Button>
      </Tooltip>
      <Button
        size="small"
        disabled={isDisabled}
        aria-label={of ? `${t("blind")} ${of}` : t("blind")}
        onClick={() => onChoose("Transfer")}
      >
        {t("blind")}
      </Button>
    </>
  );
}

interface TargetsProps {
  search: string;
  isBusy: boolean;
  noConsult: string;
  onChoose: (how: "Transfer" | "Consult", party: Party) => void;
}

function AgentTargets({ search, isBusy, noConsult, onChoose }: TargetsProps) {
  const { t } = useTranslation(["handover", "softphone"]);
  const me = useUser()?.agent?.id;
  const colleagues = forTransfer(
    useLive((state) => state.colleagues),
    me,
    search,
  );
  if (colleagues.length === 0) return <p className={styles.none}>{t("noAgents")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
    <ul className={styles.list} tabIndex={0}>
      {colleagues.map((each) => (
        <li key={each.id} className={styles.row}>
          <span className={styles.name}>{each.name}</span>
          <StatusTag tone={toneOf(each.state)} hasDot>
            {t(`softphone:state.${each.state}`)}
          </StatusTag>
          <Ways
            of={each.name}
            isDisabled={isBusy || each.state !== "ready"}
            noConsult={noConsult}
            onChoose={(how) => onChoose(how, { kind: "agent", target: each.id })}
          />
        </li>
      ))}
    </ul>
  );
}

function QueueTargets({ search, isBusy, noConsult, onChoose }: TargetsProps) {
  const { t, i18n } = useTranslation("handover");
  const wanted = search.trim().toLowerCase();
  const queues = useLive((state) => state.queues).filter((queue) =>
    `${queue.name} ${queue.name_en}`.toLowerCase().includes(wanted),
  );
  if (queues.length === 0) return <p className={styles.none}>{t("noQueues")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
    <ul className={styles.list} tabIndex={0}>
      {queues.map((queue) => (
        <li key={queue.id} className={styles.row}>
          <span className={styles.name}>{localName(queue, i18n.language)}</span>
          <span className={styles.glance}>
            {t("glance", { ready: queue.agents_ready, waiting: queue.waiting })}
          </span>
          <Ways
            of={localName(queue, i18n.language)}
            isDisabled={isBusy}
            noConsult={noConsult}
            onChoose={(how) => onChoose(how, { kind: "queue", target: queue.id })}
          />
        </li>
      ))}
    </ul>
  );
}
