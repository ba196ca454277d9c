import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { ChartNoAxesColumn } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useRight, useTimeZone } from "@/api/session";
import { useServerNow } from "@/live/useServerNow";
import { DayRange } from "@/ui/DayRange";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Counters, CountersContext } from "./CountersContext";
import styles from "./FlowCounters.module.css";
import { type CountersAsked, countersQuery } from "./queries";

interface Props {
  flow: number;
  children: ReactNode;
}

/** Counters over the canvas, shown by a button: what came of callers at each step, today or on chosen days. */
export function FlowCounters({ flow, children }: Props) {
  const { t } = useTranslation("flow-counters");
  const [isOn, setOn] = useState(false);
  const [asked, setAsked] = useState<CountersAsked>({});
  const maySee = useRight("figures.read");
  const isShown = isOn && maySee;
  const found = useQuery({ ...countersQuery(flow, asked), enabled: isShown });
  const nodes = isShown ? found.data?.nodes : undefined;
  const counters: Counters = useMemo(
    () => (nodes ? new Map(nodes.map((each) => [each.node, each])) : null),
    [nodes],
  );
  return (
    <>
      {maySee && (
        <div className={styles.bar}>
          <Button
            icon={<ChartNoAxesColumn size={16} />}
            aria-pressed={isOn}
            type={isOn ? "primary" : "default"}
            onClick={() => setOn(!isOn)}
          >
            {t("show")}
          </Button>
          {isShown && <Choices versions={found.data?.versions ?? []} asked={asked} onAsk={setAsked} />}
          {isShown && (
            <span role="status" className={styles.told}>
              {found.data && (found.data.nodes.length === 0 ? t("nobody") : t("legend"))}
              {found.data && <CameBy flow={flow} cameBy={found.data.came_by} />}
            </span>
          )}
        </div>
      )}
      {isShown && found.error && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      <CountersContext value={counters}>{children}</CountersContext>
    </>
  );
}

/** Of a flow that others use: from which of them its callers came. */
function CameBy({ flow, cameBy }: { flow: number; cameBy: Schema<"FlowCountersOut">["came_by"] }) {
  const { t } = useTranslation("flow-counters");
  if (cameBy.every((user) => user.flow === flow)) return null;
  const users = cameBy.map((user) =>
    user.flow === flow
      ? t("cameItself", { count: user.came })
      : t("cameBy", { flow: user.flow_name, count: user.came }),
  );
  return <> {t("cameFrom", { users: users.join(t("and")) })}</>;
}

interface ChoicesProps {
  versions: readonly number[];
  asked: CountersAsked;
  onAsk: (asked: CountersAsked) => void;
}

function Choices({ versions, asked, onAsk }: ChoicesProps) {
  const { t } = useTranslation("flow-counters");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  return (
    <>
      <DayRange
        from={asked.from}
        to={asked.to}
        now_ms={now_ms}
        timeZone={zone}
        onChange={(range) => onAsk({ ...asked, ...range })}
      />
      <Select
        value={asked.version ?? 0}
        onChange={(version) => onAsk({ ...asked, version: version || undefined })}
        options={[
          { value: 0, label: t("allVersions") },
          ...versions.map((version) => ({ value: version, label: t("version", { version }) })),
        ]}
        aria-label={t("versions")}
        style={{ minWidth: 120 }}
      />
    </>
  );
}
