import { Button, Input, InputNumber } from "antd";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type SkillRow, toRows, toSkills } from "../model/skills";
import styles from "./SkillsField.module.css";

interface Props {
  id?: string;
  value?: Record<string, number>;
  onChange?: (value: Record<string, number>) => void;
  /** What the level means here: the agent's, or the least that a queue asks for. */
  levelLabel: string;
}

/** Skills with a level from 1 to 10. Rows are kept here while they are typed; only complete ones are the value. */
export function SkillsField({ id, value = {}, onChange, levelLabel }: Props) {
  const { t } = useTranslation("admin");
  const [rows, setRows] = useState<SkillRow[]>(() => toRows(value));
  const change = (next: SkillRow[]) => {
    setRows(next);
    onChange?.(toSkills(next));
  };
  const edit = (key: number, part: Partial<SkillRow>) =>
    change(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <fieldset {...(id !== undefined && { id })} className={styles.skills} aria-label={t("skills.label")}>
      {rows.map((row) => (
        <div key={row.key} className={styles.row}>
          <Input
            value={row.code}
            maxLength={40}
            placeholder={t("skills.code")}
            aria-label={t("skills.code")}
            onChange={(event) => edit(row.key, { code: event.target.value.trim() })}
          />
          <InputNumber
            min={1}
            max={10}
            precision={0}
            value={row.level}
            aria-label={levelLabel}
            prefix={<span className={styles.level}>{levelLabel}</span>}
            onChange={(level) => level !== null && edit(row.key, { level })}
          />
          <Button
            type="text"
            icon={<X size={16} />}
            aria-label={t("skills.remove", { code: row.code })}
            onClick={() => change(rows.filter((other) => other.key !== row.key))}
          />
        </div>
      ))}
      <Button
        type="dashed"
        icon={<Plus size={16} />}
        onClick={() => change([...rows, { key: (rows.at(-1)?.key ?? 0) + 1, code: "", level: 5 }])}
      >
        {t("skills.add")}
      </Button>
    </fieldset>
  );
}
