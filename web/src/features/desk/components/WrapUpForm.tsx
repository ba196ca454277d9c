import { Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/ui/Choice";
import { GrowingTextArea } from "@/ui/GrowingTextArea";
import type { DispositionChoice } from "../model/dispositions";
import type { DraftStatus, WrapUpFields } from "../model/wrap-up-draft";
import styles from "./WrapUpForm.module.css";

interface Props {
  fields: WrapUpFields;
  choices: readonly DispositionChoice[];
  isMissingDisposition: boolean;
  status: DraftStatus;
  onChange: (change: Partial<WrapUpFields>) => void;
}

const RESULTS = ["resolved", "follow_up", "escalated", "invalid"] as const;

function isResult(text: string): text is (typeof RESULTS)[number] {
  return (RESULTS as readonly string[]).includes(text);
}

/** What the contact was about and how it ended. Knows neither HTTP nor sockets. */
export function WrapUpForm({ fields, choices, isMissingDisposition, status, onChange }: Props) {
  const { t } = useTranslation("desk");
  const ids = { disposition: useId(), result: useId(), note: useId(), problem: useId() };
  return (
    <div className={styles.form}>
      <div className={styles.row}>
        <div className={styles.field}>
          <label htmlFor={ids.disposition} className={styles.label} data-required>
            {t("wrapUp.disposition")}
          </label>
          <Select<number>
            id={ids.disposition}
            value={fields.disposition_id}
            options={[...choices]}
            showSearch={{ optionFilterProp: "label" }}
            allowClear
            placeholder={t("wrapUp.dispositionHint")}
            status={isMissingDisposition ? "error" : ""}
            aria-invalid={isMissingDisposition}
            aria-describedby={ids.problem}
            onChange={(value: number | undefined) => onChange({ disposition_id: value ?? null })}
          />
          {isMissingDisposition && (
            <span id={ids.problem} role="alert" className={styles.problem}>
              {t("wrapUp.dispositionMissing")}
            </span>
          )}
        </div>
        <div className={styles.field}>
          <span id={ids.result} className={styles.label}>
            {t("wrapUp.result")}
          </span>
          <Choice
            labelledBy={ids.result}
            value={isResult(fields.result) ? fields.result : ""}
            options={RESULTS.map((value) => ({ value, label: t(`result.${value}`) }))}
            onChange={(result) => onChange({ result })}
          />
        </div>
      </div>
      <div className={styles.field}>
        <span className={styles.labels}>
          <label htmlFor={ids.note} className={styles.label}>
            {t("wrapUp.title")}
          </label>
          <output className={styles.status} data-status={status}>
            {t(`wrapUp.status.${status}`)}
          </output>
        </span>
        <GrowingTextArea
          id={ids.note}
          value={fields.note}
          maxLength={10_000}
          placeholder={t("wrapUp.noteHint")}
          onChange={(event) => onChange({ note: event.target.value })}
        />
      </div>
    </div>
  );
}
