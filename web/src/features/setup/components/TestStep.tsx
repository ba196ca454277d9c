import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session";
import { companyQuery, setupStateQuery } from "@/features/admin";
import { formatNumber } from "@/lib/numbers";
import { useLive } from "@/live/store";
import { stageOf } from "../model/test-call";
import type { Setup } from "../model/useSetup";
import styles from "./steps.module.css";

const STAGES = ["flow", "waiting", "ringing", "talking", "ended"] as const;

/** A real call, watched as it goes: menu, queue, ringing, talking. */
export function TestStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation("setup");
  const queryClient = useQueryClient();
  const code = useQuery(sessionQuery).data?.company?.code ?? "";
  const isGuestCallingOn = useQuery(companyQuery).data?.is_guest_calling_on === true;
  const board = useLive((state) => state.board);
  const me = useLive((state) => state.me);
  const stage = stageOf(
    board?.interactions ?? [],
    setup.numbers.map(({ number }) => number),
  );
  const ready = board?.agents.filter(({ state }) => state === "ready").length ?? 0;
  useEffect(() => {
    if (stage === "ended") void queryClient.invalidateQueries({ queryKey: setupStateQuery.queryKey });
  }, [stage, queryClient]);
  if (!setup.done.flow) return <Alert type="info" showIcon title={t("test.first")} />;
  const isSignedIn = me !== null && me.state !== "logged_out";
  const readiness = me?.state === "ready" ? "readyNow" : isSignedIn ? "readyMore" : "ready";
  const isQuiet = stage === "nothing" || stage === "ended";
  const reached = STAGES.indexOf(stage as (typeof STAGES)[number]);
  return (
    <div className={styles.parts}>
      <ol className={styles.ways}>
        <li>{t(`test.${readiness}`)}</li>
        <li>
          {t("test.call", {
            numbers: setup.numbers.map(({ number }) => formatNumber(number)).join(t("comma")),
          })}{" "}
          {isGuestCallingOn ? (
            <a href={`/call-us/${code}`} target="_blank" rel="noreferrer">
              {t("test.page")}
            </a>
          ) : (
            <Link to={"/admin/company" as string}>{t("test.pageOff")}</Link>
          )}
        </li>
        <li>{t("test.answer")}</li>
      </ol>
      {isQuiet && (
        <Alert
          type={ready > 0 ? "success" : "warning"}
          showIcon
          title={ready > 0 ? t("test.readyCount", { count: ready }) : t("test.nobodyReady")}
        />
      )}
      <div aria-live="polite">
        <p className={styles.hint}>{t(`test.stages.${stage}`)}</p>
        <ol className={styles.stages} aria-hidden>
          {STAGES.map((name, index) => (
            <li key={name} data-state={index === reached ? "now" : index < reached ? "past" : "ahead"}>
              <span className={styles.dot} />
              {t(`test.short.${name}`)}
            </li>
          ))}
        </ol>
      </div>
      {setup.done.test && <Alert type="success" showIcon title={t("test.done")} />}
    </div>
  );
}
