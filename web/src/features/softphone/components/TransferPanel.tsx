import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { localName } from "@/lib/names";
import { toDialable } from "@/lib/numbers";
import type { DeskCommand } from "@/live/messages";
import { useLive } from "@/live/store";
import { Choice } from "@/ui/Choice";
import { StatusTag } from "@/ui/StatusTag";
import { TextInput } from "@/ui/TextInput";
import { forTransfer, toneOf } from "../model/contact";
import { useCommand } from "../model/useCommand";
import styles from "./TransferPanel.module.css";

type Kind = "agent" | "queue" | "number";

/** Hand the call on without speaking first (盲转): to an agent, a queue or a number. */
export function TransferPanel({ interaction, onDone }: { interaction: string; onDone: () => void }) {
  const { t } = useTranslation("softphone");
  const { ask, isBusy } = useCommand();
  const [kind, setKind] = useState<Kind>("agent");
  const [text, setText] = useState("");
  const transfer = async (command: DeskCommand) => {
    if (await ask(command)) onDone();
  };
  const toAgent = (target: number) => void transfer({ do: "Transfer", interaction, kind: "agent", target });
  const toQueue = (target: number) => void transfer({ do: "Transfer", interaction, kind: "queue", target });
  const number = toDialable(text);

  return (
    <section className={styles.panel} aria-label={t("call.transfer")}>
      <Choice<Kind>
        value={kind}
        label={t("transfer.to")}
        options={(["agent", "queue", "number"] as const).map((value) => ({
          value,
          label: t(`transfer.${value}`),
        }))}
        onChange={(next) => {
          setKind(next);
          setText("");
        }}
      />
      {kind === "number" ? (
        <form
          className={styles.number}
          onSubmit={(event) => {
            event.preventDefault();
            if (number) void transfer({ do: "Transfer", interaction, kind: "number", number });
          }}
        >
          <TextInput
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t("transfer.numberHint")}
            aria-label={t("transfer.number")}
          />
          <Button type="primary" htmlType="submit" disabled={!number} loading={isBusy}>
            {t("transfer.go")}
          </Button>
        </form>
      ) : (
        <>
          <TextInput
            key={kind}
            autoFocus
            allowClear
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t("transfer.search")}
            aria-label={t("transfer.search")}
          />
          {kind === "agent" ? (
            <AgentTargets search={text} isBusy={isBusy} onChoose={toAgent} />
          ) : (
            <QueueTargets search={text} isBusy={isBusy} onChoose={toQueue} />
          )}
        </>
      )}
    </section>
  );
}

interface TargetsProps {
  search: string;
  isBusy: boolean;
  onChoose: (id: number) => void;
}

function AgentTargets({ search, isBusy, onChoose }: TargetsProps) {
  const { t } = useTranslation("softphone");
  const me = useUser()?.agent?.id;
  const colleagues = forTransfer(
    useLive((state) => state.colleagues),
    me,
    search,
  );
  if (colleagues.length === 0) return <p className={styles.none}>{t("transfer.noAgents")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
    <ul className={styles.list} tabIndex={0}>
      {colleagues.map((each) => (
        <li key={each.id} className={styles.row}>
          <span className={styles.name}>{each.name}</span>
          <StatusTag tone={toneOf(each.state)} hasDot>
            {t(`state.${each.state}`)}
          </StatusTag>
          <Button size="small" disabled={isBusy || each.state !== "ready"} onClick={() => onChoose(each.id)}>
            {t("transfer.go")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function QueueTargets({ search, isBusy, onChoose }: TargetsProps) {
  const { t, i18n } = useTranslation("softphone");
  const wanted = search.trim().toLowerCase();
  const queues = useLive((state) => state.queues).filter((queue) =>
    `${queue.name} ${queue.name_en}`.toLowerCase().includes(wanted),
  );
  if (queues.length === 0) return <p className={styles.none}>{t("transfer.noQueues")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
    <ul className={styles.list} tabIndex={0}>
      {queues.map((queue) => (
        <li key={queue.id} className={styles.row}>
          <span className={styles.name}>{localName(queue, i18n.language)}</span>
          <span className={styles.glance}>
            {t("transfer.glance", { ready: queue.agents_ready, waiting: queue.waiting })}
          </span>
          <Button size="small" disabled={isBusy} onClick={() => onChoose(queue.id)}>
            {t("transfer.go")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
