import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, App, Button, Drawer, InputNumber, Skeleton, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useIsViewing, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useSettingsChanged } from "../model/queries";
import { type EntryArm, type EntryRule, entryResultsQuery, entryRules } from "./api";
import styles from "./Entries.module.css";

const FIGURES = [
  ["contacts", ""],
  ["gave_up_pct", "%"],
  ["reached_pct", "%"],
  ["fault_pct", "%"],
  ["failed_requests", ""],
  ["flow_s", "s"],
  ["score_pct", "%"],
] as const satisfies readonly (readonly [keyof EntryArm, string])[];

/** How those within a rule's share fare beside those outside, and raising the share. */
export function EntryResults({ rule, onClose }: { rule: EntryRule; onClose: () => void }) {
  const { t } = useTranslation("entries");
  const { message } = App.useApp();
  const zone = useTimeZone();
  const isViewing = useIsViewing();
  const changed = useSettingsChanged();
  const results = useQuery(entryResultsQuery(rule));
  const [share, setShare] = useState(rule.share_pct);
  const raise = useMutation({
    mutationFn: (share_pct: number) => entryRules.change(rule.id, { share_pct, is_enabled: true }),
    onSuccess: () => changed(),
    onError: (problem) => message.error(problemText(problem)),
  });
  const value = (number: number | null, unit: string) =>
    number === null
      ? "–"
      : unit === "s"
        ? t("results.seconds", { count: number })
        : `${number}${unit && " %"}`;
  const { data } = results;
  const isEarly = data && Math.min(data.share.contacts, data.rest.contacts) < rule.least_contacts;
  return (
    <Drawer title={t("results.title", { name: rule.name })} open onClose={onClose} size={720}>
      {rule.breach && (
        <Alert
          type="warning"
          showIcon
          title={t(`breach.${rule.breach.reason}`, rule.breach)}
          description={t("breach.hint", { when: formatInstant(rule.breach.at, zone) })}
        />
      )}
      <p className={styles.hint}>
        {t("results.since", { when: formatInstant(rule.counted_since, zone), share: rule.share_pct })}
      </p>
      {isEarly && <Alert type="info" showIcon title={t("results.early", { count: rule.least_contacts })} />}
      {results.error && <ErrorNotice error={results.error} onRetry={() => void results.refetch()} />}
      {results.isPending && <Skeleton active />}
      {data && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("results.figure")}</th>
              <th scope="col">{t("results.share", { flow: rule.flow_name })}</th>
              <th scope="col">{t("results.rest")}</th>
            </tr>
          </thead>
          <tbody>
            {FIGURES.map(([figure, unit]) => (
              <tr key={figure}>
                <th scope="row">{t(`results.${figure}`)}</th>
                <td>{value(data.share[figure], unit)}</td>
                <td>{value(data.rest[figure], unit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={styles.hint}>{t("results.hint")}</p>
      <p style={{ marginBlock: "8px 16px" }}>
        <Link to="/interactions" search={{ entry_rule: rule.id }}>
          {t("results.toContacts")}
        </Link>
      </p>
      <Space wrap>
        <InputNumber
          value={share}
          min={1}
          max={100}
          precision={0}
          suffix="%"
          aria-label={t("form.share")}
          onChange={(given) => setShare(given ?? rule.share_pct)}
        />
        <Button disabled={isViewing || raise.isPending} onClick={() => raise.mutate(share)}>
          {t("results.setShare")}
        </Button>
        <Button type="primary" disabled={isViewing || raise.isPending} onClick={() => raise.mutate(100)}>
          {t("results.toAll")}
        </Button>
      </Space>
    </Drawer>
  );
}
