import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { useServerNow } from "@/live/useServerNow";
import { Choice } from "@/ui/Choice";
import { KINDS, type Kind } from "../model/kinds";
import type { TimelineFilter } from "../model/queries";
import { PersonSelect } from "./PersonSelect";
import styles from "./TimelineActions.module.css";

const DayRange = lazy(async () => ({ default: (await import("@/ui/DayRange")).DayRange }));

interface Props {
  filter: TimelineFilter;
  /** At the desk only the kinds: there is little room beside a call. */
  isSmall: boolean;
  onFilter: (filter: TimelineFilter) => void;
}

export function TimelineFilters({ filter, isSmall, onFilter }: Props) {
  const { t } = useTranslation("timeline");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  return (
    <search className={styles.actions} aria-label={t("filter")}>
      <Choice<Kind | "all">
        label={t("filter")}
        value={filter.kind ?? "all"}
        options={[
          { value: "all", label: t("all") },
          ...KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })),
        ]}
        onChange={(kind) => onFilter({ ...filter, kind: kind === "all" ? undefined : kind })}
      />
      {!isSmall && (
        <>
          <PersonSelect
            label={t("person")}
            value={filter.person}
            onChange={(person) => onFilter({ ...filter, person })}
          />
          <Suspense fallback={null}>
            <DayRange
              from={filter.from}
              to={filter.to}
              now_ms={now_ms}
              timeZone={zone}
              onChange={(range) => onFilter({ ...filter, ...range })}
            />
          </Suspense>
        </>
      )}
    </search>
  );
}
