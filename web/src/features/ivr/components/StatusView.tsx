import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useReachesAll } from "@/api/session";
import { FreshnessMark, useBoard } from "@/features/monitor";
import { formatDuration, secondsSince } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { Card } from "@/ui/Page";
import { failuresQuery, stepsNowQuery } from "../model/queries";
import type { IvrSearch } from "../model/search";
import { ivrNow, stepsOf } from "../model/status";
import { CallersNow } from "./CallersNow";
import { DevicesNow } from "./DevicesNow";
import { FailureTable } from "./FailureTable";
import { LinesNow } from "./LinesNow";
import styles from "./Status.module.css";
import { StepsNow } from "./StepsNow";

interface Props {
  search: IvrSearch;
  onChange: (changes: IvrSearch) => void;
}

/**
 * IVR状态: how many lines are busy, where callers are, how the devices are, and what failed in the last hour.
 *
 * Follows the live board. A caller who has come to no queue belongs to no team: for whom the board reaches teams alone,
 * such callers are counted at their steps and not shown one by one.
 */
export function StatusView({ search, onChange }: Props) {
  const { t } = useTranslation("ivr");
  const board = useBoard();
  const now_ms = useServerNow();
  const now = useMemo(() => ivrNow(board?.interactions ?? []), [board]);
  const failed = useQuery(failuresQuery({ page: 1, page_size: 20 })).data?.total;
  const seesAll = useReachesAll("live.read");
  const counted = useQuery({ ...stepsNowQuery, enabled: !seesAll }).data?.items ?? [];
  if (!board) return <Skeleton active />;
  const steps = seesAll ? now.steps : stepsOf(counted);
  const inService = steps.reduce((sum, step) => sum + step.callers, 0);
  const longest = steps.map((step) => step.since).sort()[0];
  const tiles = [
    ["inService", inService],
    ["longest", longest ? formatDuration(secondsSince(longest, now_ms)) : "–"],
    [seesAll ? "busy" : "busyOfTeams", now.busy],
    ["failed", failed ?? "–"],
  ] as const;
  return (
    <>
      <div className={styles.head}>
        <FreshnessMark />
      </div>
      <ul className={styles.tiles} aria-label={t("tab.status")}>
        {tiles.map(([name, value]) => (
          <li key={name} className={styles.tile}>
            <p className={styles.name} title={t(`status.${name}Hint`)}>
              {t(`status.${name}`)}
            </p>
            <p className={styles.value} data-tone={name === "failed" && value ? "error" : undefined}>
              {value}
            </p>
          </li>
        ))}
      </ul>
      <div className={styles.pair}>
        <div>
          <Card title={t("status.steps")}>
            <StepsNow steps={steps} />
          </Card>
        </div>
        <div>
          <Card title={t("status.lines")}>
            <LinesNow lines={now.lines} isOfTeams={!seesAll} />
          </Card>
        </div>
      </div>
      <Card title={t("status.devices")}>
        <DevicesNow lines={now.lines} />
      </Card>
      <Card title={t("status.callers", { count: inService })}>
        {seesAll ? (
          <CallersNow callers={now.callers} />
        ) : (
          <p className={styles.note}>{t("status.ofTeams")}</p>
        )}
      </Card>
      <Card title={t("status.failures")}>
        <FailureTable
          search={{ page: search.page, size: search.size, sort: search.sort }}
          onChange={onChange}
        />
      </Card>
    </>
  );
}
