import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { Activity } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { StatusTag } from "@/ui/StatusTag";
import { type Trunk, testTrunk } from "../model/api";
import styles from "./TrunkTest.module.css";

const TONES = { ok: "ready", unreachable: "ring", refused: "ring", unknown: "acw" } as const;

/** Asks the carrier now and tells the answer in plain words, with what to look at next. */
export function TrunkTest({ trunk }: { trunk: Trunk }) {
  const { t } = useTranslation("admin");
  const test = useMutation({ mutationFn: () => testTrunk(trunk.id) });
  return (
    <div className={styles.test}>
      <Button
        size="small"
        icon={<Activity size={16} />}
        loading={test.isPending}
        aria-label={t("trunks.testNamed", { name: trunk.name })}
        onClick={() => test.mutate()}
      >
        {t("trunks.test")}
      </Button>
      <div aria-live="polite" className={styles.answer}>
        {test.isPending && <span className={styles.words}>{t("trunks.testing", { host: trunk.host })}</span>}
        {test.isError && <span className={styles.words}>{problemText(test.error)}</span>}
        {test.data && !test.isPending && (
          <>
            <StatusTag tone={TONES[test.data.state]} hasDot>
              {t(`trunks.states.${test.data.state}`)}
            </StatusTag>
            <span className={styles.words}>
              {t(`trunks.answers.${test.data.state}`, {
                host: trunk.host,
                port: trunk.port,
                transport: trunk.transport.toUpperCase(),
              })}
              {typeof test.data.rtt_ms === "number" &&
                ` ${t("trunks.rtt", { ms: Math.round(test.data.rtt_ms) })}`}
            </span>
            {test.data.detail && <code className={styles.detail}>{test.data.detail}</code>}
          </>
        )}
      </div>
    </div>
  );
}
