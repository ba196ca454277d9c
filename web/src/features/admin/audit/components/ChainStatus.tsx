import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";

type Verification = Schema<"AuditVerificationOut">;

const LOOK_AGAIN_MS = 2_000;
const KEY = ["settings", "audit", "verification"];

/** Whether the entries are as they were written: the newest look through their chain, and a button for another. */
export function ChainStatus() {
  const { t } = useTranslation("audit");
  const zone = useTimeZone();
  const queries = useQueryClient();
  const [askedAfter, setAskedAfter] = useState<string | null | undefined>();
  const found = useQuery(
    queryOptions({
      queryKey: KEY,
      queryFn: () => bodyOf(api.GET("/api/audit/verification")),
      refetchInterval: ({ state }) => (isLooking(state.data, askedAfter) ? LOOK_AGAIN_MS : false),
    }),
  );
  const order = useMutation({
    mutationFn: () => bodyOf(api.POST("/api/audit/verification")),
    onMutate: () => setAskedAfter(found.data?.ended_at ?? null),
    onError: () => setAskedAfter(undefined),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  if (found.error ?? order.error) {
    return <ErrorNotice error={found.error ?? order.error} onRetry={() => void found.refetch()} />;
  }
  const last = found.data;
  if (!last) return null;
  const at = last.ended_at ? formatInstant(last.ended_at, zone) : "";
  return (
    <Alert
      showIcon
      type={!last.ended_at ? "info" : last.found ? "error" : "success"}
      title={
        !last.ended_at
          ? t("chain.never")
          : last.found
            ? t("chain.broken", { count: last.found, at })
            : t("chain.whole", { count: last.sealed, at })
      }
      description={last.found ? <Findings last={last} /> : undefined}
      action={
        <Button size="small" loading={isLooking(last, askedAfter)} onClick={() => order.mutate()}>
          {t("chain.look")}
        </Button>
      }
    />
  );
}

function isLooking(last: Verification | undefined, askedAfter: string | null | undefined): boolean {
  return askedAfter !== undefined && (last?.ended_at ?? null) === askedAfter;
}

function Findings({ last }: { last: Verification }) {
  const { t } = useTranslation("audit");
  return (
    <>
      <p>{t("chain.todo")}</p>
      <ul>
        {last.findings.map(({ code, number, entry }) => (
          <li key={`${code} ${number} ${entry}`}>
            {t(`chain.codes.${code as "entry_changed"}`, { number, entry })}
          </li>
        ))}
      </ul>
    </>
  );
}
