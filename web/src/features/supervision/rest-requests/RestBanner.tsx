import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { ChevronDown, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { reasonsQuery } from "@/api/settings";
import { useCommand } from "@/features/softphone";
import { localName } from "@/lib/names";
import { usePrintedKeys } from "@/lib/shortcuts";
import { formatDuration, secondsSince } from "@/lib/time";
import { useShortcutActions } from "@/lib/useHotkeys";
import type { AgentRow, RestRefusal } from "@/live/messages";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { KbdHint } from "@/ui/KbdHint";
import { overrunsOf, type RestingAgent, requestsOf } from "./model";
import styles from "./RestBanner.module.css";

const SHOWN = 3;
const REFUSALS: readonly RestRefusal[] = ["busy_now", "too_few", "later", "other"];
const NOBODY: readonly AgentRow[] = [];

/** On every page of a lead: who asks to rest, with yes and no, and whose rest is longer than planned. */
export function RestBanner() {
  const { t } = useTranslation("rest-requests");
  const agents = useLive((state) => state.board?.agents ?? NOBODY);
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  const requests = requestsOf(agents);
  const overruns = overrunsOf(agents).filter((row) => !read.has(keyOf(row)));
  if (requests.length === 0 && overruns.length === 0) return null;
  return (
    <section className={styles.banner} aria-label={t("title")}>
      {requests.slice(0, SHOWN).map((row, index) => (
        <Request key={row.id} row={row} hasKeys={index === 0} />
      ))}
      {requests.length > SHOWN && <span>{t("more", { count: requests.length - SHOWN })}</span>}
      {overruns.slice(0, SHOWN).map((row) => (
        <Overrun
          key={row.id}
          row={row}
          onRead={() => setRead((before) => new Set([...before, keyOf(row)]))}
        />
      ))}
    </section>
  );
}

function keyOf({ id, rest }: RestingAgent): string {
  return `${id} ${rest.asked_at}`;
}

function useReasonName(): (code: string) => string {
  const { i18n } = useTranslation();
  const reasons = useQuery(reasonsQuery).data;
  return (code) => {
    const known = reasons?.find((reason) => reason.code === code);
    return known ? localName(known, i18n.language) : code;
  };
}

function Request({ row, hasKeys }: { row: RestingAgent; hasKeys: boolean }) {
  const { t } = useTranslation(["rest-requests", "softphone"]);
  const { ask, isBusy } = useCommand();
  const nameOf = useReasonName();
  const now_ms = useServerNow();
  const answer = (refusal?: RestRefusal) =>
    void ask({ do: "AnswerRest", target: row.id, ...(refusal && { refusal }) });
  useShortcutActions(hasKeys ? { grantRest: () => answer(), refuseRest: () => answer("busy_now") } : {});
  const grantKeys = usePrintedKeys("grantRest");
  const refuseKeys = usePrintedKeys("refuseRest");
  const reason = nameOf(row.rest.reason);
  return (
    <div className={styles.row} role="status">
      <span>
        <strong>{row.name}</strong>{" "}
        {row.rest.planned_s > 0
          ? t("asksFor", { reason, minutes: Math.round(row.rest.planned_s / 60) })
          : t("asks", { reason })}{" "}
        <span className={styles.minor}>
          {t(`softphone:state.${row.state}`)} ·{" "}
          {t("asked", { time: formatDuration(secondsSince(row.rest.asked_at, now_ms)) })}
        </span>
      </span>
      <span className={styles.actions}>
        <Button
          size="small"
          type="primary"
          disabled={isBusy}
          aria-label={t("grantNamed", { name: row.name })}
          onClick={() => answer()}
        >
          {t("grant")}
          {hasKeys && grantKeys && <KbdHint keys={grantKeys} />}
        </Button>
        <Dropdown
          trigger={["click"]}
          disabled={isBusy}
          menu={{
            items: REFUSALS.map((refusal) => ({
              key: refusal,
              label: t(`refusal.${refusal}`),
              ...(hasKeys &&
                refuseKeys &&
                refusal === "busy_now" && { extra: <KbdHint keys={refuseKeys} /> }),
              onClick: () => answer(refusal),
            })),
          }}
        >
          <Button size="small" aria-label={t("refuseNamed", { name: row.name })}>
            {t("refuse")} <ChevronDown size={14} aria-hidden />
          </Button>
        </Dropdown>
      </span>
    </div>
  );
}

function Overrun({ row, onRead }: { row: RestingAgent; onRead: () => void }) {
  const { t } = useTranslation("rest-requests");
  const nameOf = useReasonName();
  const now_ms = useServerNow();
  const time = formatDuration(secondsSince(row.rest.until, now_ms));
  return (
    <div className={styles.row} data-urgent role="status">
      <span>
        <strong>{row.name}</strong> {t("overrun", { reason: nameOf(row.rest.reason), time })}
      </span>
      <span className={styles.actions}>
        <Link to="/live" search={{ state: "rest" }}>
          {t("show")}
        </Link>
        <Button
          size="small"
          type="text"
          icon={<X size={14} />}
          aria-label={t("readNamed", { name: row.name })}
          onClick={onRead}
        />
      </span>
    </div>
  );
}
