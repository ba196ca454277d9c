import { Button, InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CHANNELS, type Channel } from "./channels";
import { type MatrixKind, PLAIN_MEMBERSHIP } from "./matrix";
import styles from "./Routing.module.css";
import type { MatrixMembership } from "./resources";

interface Props {
  count: number;
  kind: MatrixKind;
  codes: readonly string[];
  queues: readonly { value: number; label: string }[];
  onSkill: (code: string, level: number | null) => void;
  onLimit: (channel: Channel, limit: number | null) => void;
  onQueue: (queue: number, way: MatrixMembership | null) => void;
}

/** One change for all chosen agents; it is saved with the others. */
export function MatrixBulk({ count, kind, codes, queues, onSkill, onLimit, onQueue }: Props) {
  const { t } = useTranslation("routing");
  return (
    <fieldset className={styles.bulk} aria-label={t("matrix.bulk", { count })}>
      <strong>{t("matrix.bulk", { count })}</strong>
      {kind === "queues" && <QueueChange queues={queues} onQueue={onQueue} />}
      {kind === "skills" && <SkillChange codes={codes} onSkill={onSkill} />}
      {kind === "capacity" && <LimitChange onLimit={onLimit} />}
    </fieldset>
  );
}

function SkillChange({ codes, onSkill }: Pick<Props, "codes" | "onSkill">) {
  const { t } = useTranslation("routing");
  const [code, setCode] = useState("");
  const [level, setLevel] = useState(5);
  return (
    <>
      <Select
        mode="tags"
        maxCount={1}
        aria-label={t("matrix.skill")}
        placeholder={t("matrix.skillNew")}
        style={{ width: 200 }}
        value={code ? [code] : []}
        onChange={(typed: string[]) => setCode((typed.at(-1) ?? "").trim().slice(0, 40))}
        options={codes.map((value) => ({ value, label: value }))}
      />
      <InputNumber
        min={1}
        max={10}
        precision={0}
        value={level}
        aria-label={t("matrix.levelOne")}
        style={{ width: 70 }}
        onChange={(typed) => setLevel(typed ?? 5)}
      />
      <Button disabled={!code} onClick={() => onSkill(code, level)}>
        {t("matrix.set")}
      </Button>
      <Button disabled={!code} onClick={() => onSkill(code, null)}>
        {t("matrix.takeAway")}
      </Button>
    </>
  );
}

function LimitChange({ onLimit }: Pick<Props, "onLimit">) {
  const { t } = useTranslation("routing");
  const [channel, setChannel] = useState<Channel>("chat");
  const [limit, setLimit] = useState(1);
  return (
    <>
      <Select
        aria-label={t("matrix.channel")}
        style={{ width: 140 }}
        value={channel}
        onChange={setChannel}
        options={CHANNELS.map((value) => ({ value, label: t(`channels.${value}`) }))}
      />
      <InputNumber
        min={0}
        max={channel === "voice" ? 1 : 20}
        precision={0}
        value={limit}
        aria-label={t("matrix.limitOne")}
        style={{ width: 70 }}
        onChange={(typed) => setLimit(typed ?? 0)}
      />
      <Button onClick={() => onLimit(channel, limit)}>{t("matrix.set")}</Button>
      <Button onClick={() => onLimit(channel, null)}>{t("matrix.asAll")}</Button>
    </>
  );
}

const WAYS = [
  ["order", 1, 99],
  ["delay_s", 0, 86_400],
  ["tier", 1, 99],
  ["share", 0, 1000],
] as const;

function QueueChange({ queues, onQueue }: Pick<Props, "queues" | "onQueue">) {
  const { t } = useTranslation("routing");
  const [queue, setQueue] = useState<number | null>(null);
  const [way, setWay] = useState(PLAIN_MEMBERSHIP);
  return (
    <>
      <Select
        aria-label={t("matrix.queue")}
        placeholder={t("matrix.queue")}
        optionFilterProp="label"
        showSearch
        style={{ width: 180 }}
        value={queue}
        onChange={setQueue}
        options={[...queues]}
      />
      {WAYS.map(([name, min, max]) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is InputNumber's input
        <label key={name}>
          {t(`members.${name}`)}
          <InputNumber
            min={min}
            max={max}
            precision={0}
            value={way[name]}
            style={{ width: 90 }}
            onChange={(typed) => setWay({ ...way, [name]: typed ?? PLAIN_MEMBERSHIP[name] })}
          />
        </label>
      ))}
      <Button disabled={queue === null} onClick={() => queue !== null && onQueue(queue, way)}>
        {t("matrix.set")}
      </Button>
      <Button disabled={queue === null} onClick={() => queue !== null && onQueue(queue, null)}>
        {t("matrix.takeAway")}
      </Button>
    </>
  );
}
