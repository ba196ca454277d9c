import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, InputNumber, Popconfirm, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useIsViewing } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useSettingsChanged } from "../model/queries";
import {
  adoptTrial,
  beginCanary,
  beginShadow,
  dropTrial,
  isRunning,
  type RuleTrial,
  reportQuery,
  trialQuery,
} from "./api";
import { CanarySection } from "./CanarySection";
import { ReplaySection } from "./ReplaySection";
import styles from "./RuleTrials.module.css";
import { ShadowSection } from "./ShadowSection";
import { TrialChanges } from "./TrialChanges";
import { TrialStateTag } from "./TrialStateTag";

interface Props {
  id: number;
  onEdit: () => void;
  onClose: () => void;
}

/** One draft: what it changes, what can be done with it, and what it has shown. */
export function TrialDrawer({ id, onEdit, onClose }: Props) {
  const { t } = useTranslation("rule-trials");
  const { data, error, refetch } = useQuery(trialQuery(id));
  return (
    <Drawer title={data?.name ?? t("title")} open onClose={onClose} size={860}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && <Trial trial={data} onEdit={onEdit} />}
    </Drawer>
  );
}

function Trial({ trial, onEdit }: { trial: RuleTrial; onEdit: () => void }) {
  const { t } = useTranslation("rule-trials");
  const report = useQuery(reportQuery(trial));
  return (
    <>
      <div className={styles.top}>
        <span>
          <TrialStateTag trial={trial} /> {trial.owner_name && t("ownedBy", { name: trial.owner_name })}
        </span>
        <Actions trial={trial} onEdit={onEdit} />
      </div>
      {trial.breach && (
        <Alert
          type="warning"
          showIcon
          title={t(`breach.${trial.breach.reason as "service_level"}`, {
            value: trial.breach.value,
            bound: trial.breach.bound,
            count: trial.breach.contacts,
          })}
          description={t("breach.hint")}
        />
      )}
      <section className={styles.section} aria-label={t("changes")}>
        <h2>{t("changes")}</h2>
        <TrialChanges trial={trial} />
      </section>
      {report.error && <ErrorNotice error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && <Skeleton active />}
      {report.data?.canary && <CanarySection report={report.data.canary} trial={trial} />}
      {report.data?.shadow && <ShadowSection report={report.data.shadow} />}
      <ReplaySection trial={trial} />
    </>
  );
}

function Actions({ trial, onEdit }: { trial: RuleTrial; onEdit: () => void }) {
  const { t } = useTranslation("rule-trials");
  const { message } = App.useApp();
  const isViewing = useIsViewing();
  const changed = useSettingsChanged();
  const [share, setShare] = useState(trial.share_pct);
  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onSuccess: () => changed(),
    onError: (problem) => message.error(problemText(problem)),
  });
  const isOver = trial.state === "adopted";
  const common = { disabled: isViewing || act.isPending };
  if (isOver) return <span className={styles.hint}>{t("adoptedHint")}</span>;
  return (
    <>
      {!isRunning(trial) && (
        <Button {...common} onClick={onEdit}>
          {t("act.edit")}
        </Button>
      )}
      {isRunning(trial) && (
        <Button {...common} onClick={() => act.mutate(() => dropTrial(trial.id))}>
          {t("act.stop")}
        </Button>
      )}
      <Popconfirm
        title={t("act.adoptAsk")}
        description={t("act.adoptHint")}
        okText={t("act.adopt")}
        cancelText={t("act.cancel")}
        onConfirm={() => act.mutate(() => adoptTrial(trial.id))}
      >
        <Button {...common}>{t("act.adopt")}</Button>
      </Popconfirm>
      {trial.state !== "canary" && (
        <Popconfirm
          title={t("act.canaryAsk")}
          description={
            <>
              <p>{t("act.canaryHint")}</p>
              <InputNumber
                value={share}
                min={1}
                max={99}
                precision={0}
                suffix="%"
                aria-label={t("act.share")}
                onChange={(value) => setShare(value ?? trial.share_pct)}
              />
            </>
          }
          okText={t("act.canary")}
          cancelText={t("act.cancel")}
          onConfirm={() => act.mutate(() => beginCanary(trial.id, share))}
        >
          <Button {...common} type={trial.state === "shadow" ? "primary" : "default"}>
            {t("act.canary")}
          </Button>
        </Popconfirm>
      )}
      {!isRunning(trial) && (
        <Button {...common} type="primary" onClick={() => act.mutate(() => beginShadow(trial.id))}>
          {t("act.shadow")}
        </Button>
      )}
    </>
  );
}
