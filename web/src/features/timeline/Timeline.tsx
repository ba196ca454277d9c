import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { History } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { useLive } from "@/live/store";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { DaySection } from "./components/DaySection";
import { LoneContact } from "./components/LoneContact";
import { TimelineActions } from "./components/TimelineActions";
import { TimelineFilters } from "./components/TimelineFilters";
import { byDay } from "./model/days";
import { type TimelineFilter, timelineQuery } from "./model/queries";
import styles from "./Timeline.module.css";

interface Props {
  /** Whose; where the caller is not known, the open contact stands alone. */
  customer: number | undefined;
  /** The contact that is open at the desk. */
  interaction?: string;
  /** Where the address holds the filter; else the timeline keeps it itself. */
  filter?: TimelineFilter;
  onFilter?: (filter: TimelineFilter) => void;
}

/** Everything between a customer and us, newest first: contacts, notes, follow-ups, changes of the record. */
export function Timeline({ customer, interaction, filter, onFilter }: Props) {
  const isLive = useLive((state) =>
    state.mine.some((row) => row.id === interaction && row.phase !== "ended"),
  );
  const over = isLive ? undefined : interaction;
  const [own, setOwn] = useState<TimelineFilter>({});
  if (customer === undefined)
    return interaction === undefined ? null : <LoneContact interaction={interaction} over={over} />;
  return (
    <CustomerTimeline
      customer={customer}
      interaction={interaction}
      over={over}
      filter={filter ?? own}
      onFilter={onFilter ?? setOwn}
    />
  );
}

interface WholeProps {
  customer: number;
  interaction: string | undefined;
  over: string | undefined;
  filter: TimelineFilter;
  onFilter: (filter: TimelineFilter) => void;
}

function CustomerTimeline({ customer, interaction, over, filter, onFilter }: WholeProps) {
  const { t } = useTranslation("timeline");
  const zone = useTimeZone();
  const mayWrite = useRight("customers.write");
  const { data, error, refetch, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(timelineQuery(customer, filter, zone, over));
  const entries = data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={styles.timeline}>
      {mayWrite && <TimelineActions customer={customer} interaction={interaction} />}
      <TimelineFilters filter={filter} isSmall={interaction !== undefined} onFilter={onFilter} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton active title={false} />}
      {data && entries.length === 0 && (
        <EmptyState
          icon={History}
          title={isNarrowed ? t("nothingTitle") : t("emptyTitle")}
          hint={isNarrowed ? t("nothingHint") : t("emptyHint")}
          action={isNarrowed && <Button onClick={() => onFilter({})}>{t("clear")}</Button>}
        />
      )}
      {byDay(entries, zone).map(({ day, entries: ofDay }) => (
        <DaySection key={day} day={day} entries={ofDay} open={interaction} />
      ))}
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </div>
  );
}
