import { useMutation } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type ReplayGroup, type RuleTrial, replayTrial } from "./api";
import styles from "./RuleTrials.module.css";

const HOURS = [4, 12, 24, 48] as const;

/** The last hours played again by both rules: what would become of the waits. */
export function ReplaySection({ trial }: { trial: RuleTrial }) {
  const { t } = useTranslation("rule-trials");
  const [hours, setHours] = useState<number>(12);
  const play = useMutation({ mutationFn: () => replayTrial(trial.id, hours) });
  const found = play.data;
  return (
    <section className={styles.section} aria-label={t("replay.title")}>
      <h2>{t("replay.title")}</h2>
      <p className={styles.hint}>{t("replay.hint")}</p>
      <div className={styles.top}>
        <Select
          value={hours}
          onChange={setHours}
          aria-label={t("replay.hours")}
          options={HOURS.map((value) => ({ value, label: t("replay.last", { count: value }) }))}
        />
        <Button icon={<RotateCcw size={16} />} loading={play.isPending} onClick={() => play.mutate()}>
          {t("replay.play")}
        </Button>
      </div>
      {play.error && <ErrorNotice error={play.error} />}
      {found && !found.everybody && <p>{t("replay.nothing")}</p>}
      {found?.everybody && (
        <>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("replay.of")}</th>
                <th scope="col">{t("canary.contacts")}</th>
                <th scope="col">{t("replay.mean")}</th>
                <th scope="col">{t("replay.p90")}</th>
              </tr>
            </thead>
            <tbody>
              <Row group={found.everybody} name={t("replay.everybody")} />
              {found.queues.map((one) => (
                <Row key={`queue ${one.key}`} group={one} name={one.name} />
              ))}
              {found.classes.length > 1 &&
                found.classes.map((one) => (
                  <Row key={`class ${one.key}`} group={one} name={one.name || t("noClass")} />
                ))}
            </tbody>
          </table>
          {found.left_out > 0 && (
            <p className={styles.hint}>{t("replay.leftOut", { count: found.left_out })}</p>
          )}
        </>
      )}
      <p className={styles.hint}>{t("replay.limits")}</p>
    </section>
  );
}

function Row({ group, name }: { group: ReplayGroup; name: string }) {
  const { t } = useTranslation("rule-trials");
  const both = (present: number, draft: number) =>
    t("replay.both", { present: present.toFixed(1), draft: draft.toFixed(1) });
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{group.contacts}</td>
      <td>{both(group.present_mean_s, group.draft_mean_s)}</td>
      <td>{both(group.present_p90_s, group.draft_p90_s)}</td>
    </tr>
  );
}
