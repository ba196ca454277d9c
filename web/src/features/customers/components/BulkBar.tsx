import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Progress } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { useRight } from "@/api/session";
import { allowanceQuery } from "../model/attached";
import { inPortions } from "../model/in-portions";
import styles from "./BulkBar.module.css";

const BulkForm = lazy(async () => ({ default: (await import("./BulkForm")).BulkForm }));

export type BulkAct = (portion: number[]) => Promise<{ customers: number[] }>;
export type BulkKind = "tag" | "assign" | "list";

interface Props {
  ids: readonly number[];
  /** Nobody owns them: they can be claimed, not released. */
  isPool: boolean;
  onDone: () => void;
}

/** What can be done to the chosen customers, with how far it is. */
export function BulkBar({ ids, isPool, onDone }: Props) {
  const { t } = useTranslation("customers");
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const mayWrite = useRight("customers.write");
  const mayAssign = useRight("customers.assign");
  const mayList = useRight("lists.write");
  const allowance = useQuery({ ...allowanceQuery, enabled: mayWrite });
  const [done, setDone] = useState<number | null>(null);
  const [form, setForm] = useState<BulkKind | null>(null);
  const left = allowance.data?.left;

  const run = async (act: BulkAct) => {
    setForm(null);
    setDone(0);
    try {
      const changed = await inPortions(ids, act, setDone);
      message.success(t("bulk.done", { count: changed }));
      onDone();
    } catch (error) {
      message.error(problemText(error));
    } finally {
      setDone(null);
      await queryClient.invalidateQueries({ queryKey: ["customers"] });
    }
  };
  const claim: BulkAct = (customers) =>
    bodyOf(api.POST("/api/customers/pool/claim", { body: { customers } }));
  const release: BulkAct = (customers) =>
    bodyOf(api.POST("/api/customers/pool/release", { body: { customers, reason: "" } }));

  return (
    <div className={styles.bar} role="toolbar" aria-label={t("bulk.title")}>
      <strong>{t("bulk.chosen", { count: ids.length })}</strong>
      {done !== null && (
        <Progress
          style={{ width: 160 }}
          percent={Math.round((done / ids.length) * 100)}
          aria-label={t("bulk.progress")}
        />
      )}
      {mayWrite && (
        <>
          {isPool ? (
            <Button type="primary" disabled={done !== null || left === 0} onClick={() => void run(claim)}>
              {typeof left === "number" ? t("bulk.claimOf", { count: left }) : t("bulk.claim")}
            </Button>
          ) : (
            <Button disabled={done !== null} onClick={() => void run(release)}>
              {t("bulk.release")}
            </Button>
          )}
          <Button disabled={done !== null} onClick={() => setForm("tag")}>
            {t("bulk.tag")}
          </Button>
        </>
      )}
      {mayAssign && (
        <Button disabled={done !== null} onClick={() => setForm("assign")}>
          {t("bulk.assign")}
        </Button>
      )}
      {mayList && (
        <Button disabled={done !== null} onClick={() => setForm("list")}>
          {t("bulk.list")}
        </Button>
      )}
      <Button type="text" disabled={done !== null} onClick={onDone}>
        {t("bulk.none")}
      </Button>
      {form && (
        <Suspense fallback={null}>
          <BulkForm
            kind={form}
            count={ids.length}
            onRun={(act) => void run(act)}
            onClose={() => setForm(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
