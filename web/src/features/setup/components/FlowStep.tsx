import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, App, Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FlowOutline, useSettingsChanged } from "@/features/admin";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useFlowMaker } from "../model/useFlowMaker";
import type { Setup } from "../model/useSetup";
import styles from "./steps.module.css";

const NOTHING: ReadonlySet<string> = new Set();

/** What callers meet, made from the steps before: shown first, then put in force with one button. */
export function FlowStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation("setup");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const [hasHours, setHasHours] = useState(setup.hours.length > 0);
  const maker = useFlowMaker(setup, hasHours);
  const making = useMutation({
    mutationFn: maker.make,
    onSuccess: (hasVoice) => {
      if (hasVoice) message.success(t("flow.made"));
      else message.warning(t("flow.madeWithoutVoice"), 10);
      return changed();
    },
  });
  if (setup.numbers.length === 0 || setup.queues.length === 0)
    return <Alert type="info" showIcon title={t("flow.first")} />;
  return (
    <div className={styles.parts}>
      {maker.published && (
        <p>
          {t("flow.inForce", { name: maker.published.name, version: maker.published.version })}{" "}
          <Link to={`/admin/flows/${maker.published.id}` as string}>{t("flow.open")}</Link>
        </p>
      )}
      <Checkbox
        checked={hasHours}
        disabled={setup.hours.length === 0}
        onChange={(event) => setHasHours(event.target.checked)}
      >
        {t("flow.withHours")}
      </Checkbox>
      {maker.menu && (
        <div>
          <label htmlFor="setup-menu">{t("flow.menuText")}</label>
          <Input.TextArea
            id="setup-menu"
            rows={3}
            maxLength={1000}
            value={maker.menu.text}
            onChange={(event) => maker.menu?.setText(event.target.value)}
          />
          <p className={styles.hint}>{t("flow.menuHint")}</p>
        </div>
      )}
      <section className={styles.outline} aria-label={t("flow.preview")}>
        <FlowOutline graph={maker.graph} detailOf={maker.detailOf} troubled={NOTHING} />
      </section>
      {making.isError && <ErrorNotice error={making.error} />}
      <div>
        <Button type="primary" loading={making.isPending} onClick={() => making.mutate()}>
          {maker.published ? t("flow.replace") : t("flow.make")}
        </Button>
      </div>
    </div>
  );
}
