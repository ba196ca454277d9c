import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { InteractionRow } from "@/live/messages";
import { TextInput } from "@/ui/TextInput";
import { useCommand } from "../../model/useCommand";
import styles from "./AttachedData.module.css";

const LONGEST_NAME = 40;
const LONGEST_VALUE = 200;

interface Props {
  data: Record<string, string>;
  /** The running contact, where this agent may attach to it. */
  row: InteractionRow | undefined;
}

/** 随路数据: what travels with the contact from agent to agent; whoever talks may add to it or change it. */
export function AttachedData({ data, row }: Props) {
  const { t } = useTranslation("handover");
  const pairs = Object.entries(data);
  if (pairs.length === 0 && !row) return null;
  return (
    <section className={styles.data} aria-label={t("data.title")}>
      <h3 className={styles.title}>{t("data.title")}</h3>
      {pairs.length === 0 && <p className={styles.quiet}>{t("data.empty")}</p>}
      <dl className={styles.pairs}>
        {pairs.map(([name, value]) => (
          <div key={name} className={styles.pair}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {row && <Attach row={row} />}
    </section>
  );
}

function Attach({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("handover");
  const { ask, isBusy } = useCommand();
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const attach = async () => {
    const isDone = await ask({
      do: "AttachData",
      interaction: row.id,
      data: { [name.trim()]: value.trim() },
    });
    if (!isDone) return;
    setName("");
    setValue("");
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void attach();
      }}
    >
      <TextInput
        size="small"
        value={name}
        maxLength={LONGEST_NAME}
        placeholder={t("data.name")}
        aria-label={t("data.name")}
        onChange={(event) => setName(event.target.value)}
      />
      <TextInput
        size="small"
        value={value}
        maxLength={LONGEST_VALUE}
        placeholder={t("data.value")}
        aria-label={t("data.value")}
        onChange={(event) => setValue(event.target.value)}
      />
      <Button size="small" htmlType="submit" disabled={!name.trim() || !value.trim() || isBusy}>
        {t("data.attach")}
      </Button>
    </form>
  );
}
