import { Select } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { type ContactFilter, directions, results } from "@/ui/contact-filter";

const DayRange = lazy(async () => ({ default: (await import("@/ui/DayRange")).DayRange }));

interface Props {
  filter: ContactFilter;
  onFilter: (change: ContactFilter) => void;
  /** An agent sees only what is the agent's own: no choice of agents. */
  hasAgents: boolean;
  /** Missed calls are all inbound, and nobody wrote what came of them. */
  isMissed?: boolean;
}

/** By whom, in which queue, which way, when: the filters of every list of contacts. */
export function ContactFilters({ filter, onFilter, hasAgents, isMissed = false }: Props) {
  const { t, i18n } = useTranslation("recordings");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const agents = useLive((state) => state.colleagues);
  const queues = useLive((state) => state.queues);
  return (
    <>
      <Suspense fallback={<span style={{ width: 250 }} />}>
        <DayRange from={filter.from} to={filter.to} now_ms={now_ms} timeZone={zone} onChange={onFilter} />
      </Suspense>
      {hasAgents && (
        <Select
          value={filter.agent ?? null}
          onChange={(agent) => onFilter({ agent: agent ?? undefined })}
          options={agents.map(({ id, name }) => ({ value: id, label: name }))}
          placeholder={t("filter.agent")}
          aria-label={t("filter.agent")}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          style={{ width: 140 }}
        />
      )}
      <Select
        value={filter.queue ?? null}
        onChange={(queue) => onFilter({ queue: queue ?? undefined })}
        options={queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
        placeholder={t("filter.queue")}
        aria-label={t("filter.queue")}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: 140 }}
      />
      {!isMissed && (
        <Select
          value={filter.direction ?? null}
          onChange={(direction) => onFilter({ direction: direction ?? undefined })}
          options={directions.map((value) => ({ value, label: t(`direction.${value}`) }))}
          placeholder={t("filter.direction")}
          aria-label={t("filter.direction")}
          allowClear
          style={{ width: 110 }}
        />
      )}
      {!isMissed && (
        <Select
          value={filter.result ?? null}
          onChange={(result) => onFilter({ result: result ?? undefined })}
          options={results.map((value) => ({ value, label: t(`result.${value}`) }))}
          placeholder={t("filter.result")}
          aria-label={t("filter.result")}
          allowClear
          style={{ width: 120 }}
        />
      )}
    </>
  );
}
