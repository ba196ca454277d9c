import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { FreshnessMark, useBoard } from "@/features/monitor";
import { formatDuration, secondsSince } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { Card } from "@/ui/Page";
import { failuresQuery } from "../model/queries";
import type { IvrSearch } from "../model/search";
import { ivrNow } from "../model/status";
import { CallersNow } from "./CallersNow";
import { FailureTable } from "./FailureTable";
import { LinesNow } from "./LinesNow";
import styles from "./Status.module.css";
import { StepsNow } from "./StepsNow";

interface Props {
  search: IvrSearch;
  onChange: (changes: IvrSearch) => void;
}

/** IVR状态: how many lines are busy, where callers are, and what failed in the last hour. Follows the live board. */
export function StatusView({ search, onChange }: Props) {
  const { t } = useTranslation("ivr");
  const board = useBoard();
  const now_ms = useServerNow();
  const now = useMemo(() => ivrNow(board?.interactions ?? []), [board]);
  const failed = useQuery(failuresQuery({ page: 1, page_size: 20 })).data?.total;
  if (!board) return <Skeleton active />;
  const longest = now.callers[0];
  const tiles = [
    ["inService", now.callers.length],
    ["longest", longest ? formatDuration(secondsSince(longest.step.since, now_ms)) : "–"],
    ["busy", now.busy],
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
            <StepsNow steps={now.steps} />
          </Card>
        </div>
        <div>
          <Card title={t("status.lines")}>
            <LinesNow lines={now.lines} />
          </Card>
        </div>
      </div>
      <Card title={t("status.callers", { count: now.callers.length })}>
        <CallersNow callers={now.callers} />
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
