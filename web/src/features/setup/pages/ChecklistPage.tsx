import { Link } from "@tanstack/react-router";
import { Alert, Button, Progress, Skeleton } from "antd";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { AgentsStep } from "../components/AgentsStep";
import { FlowStep } from "../components/FlowStep";
import { HoursStep } from "../components/HoursStep";
import { LineStep } from "../components/LineStep";
import { QueueStep } from "../components/QueueStep";
import { StepCard } from "../components/StepCard";
import { TestStep } from "../components/TestStep";
import { STEPS, type StepName } from "../model/steps";
import { type Setup, useSetup } from "../model/useSetup";

const BODIES: Record<StepName, ComponentType<{ setup: Setup }>> = {
  line: LineStep,
  hours: HoursStep,
  queue: QueueStep,
  agents: AgentsStep,
  flow: FlowStep,
  test: TestStep,
};

/** From an empty company to the first call. What is done is seen from what there is, so it can be left at any step. */
export function ChecklistPage() {
  const { t } = useTranslation("setup");
  const { setup, error, retry } = useSetup();
  /** what the reader opened or closed; until then the first step to do is open */
  const [chosen, setChosen] = useState<StepName | "none" | null>(null);
  const opened = chosen ?? setup?.next ?? "none";
  const count = setup ? STEPS.filter((name) => setup.done[name]).length : 0;
  return (
    <Page width="form">
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          setup && (
            <Progress
              type="circle"
              size={44}
              percent={(count / STEPS.length) * 100}
              format={() => `${count}/${STEPS.length}`}
              aria-label={t("progress", { count, total: STEPS.length })}
            />
          )
        }
      />
      {error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {setup === null && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {setup?.next === null && (
        <Alert
          type="success"
          showIcon
          style={{ marginBottom: 16 }}
          title={t("allDone")}
          description={t("allDoneHint")}
          action={
            <Link to="/desk">
              <Button type="primary">{t("toDesk")}</Button>
            </Link>
          }
        />
      )}
      {setup && (
        <ol>
          {STEPS.map((name, index) => {
            const Body = BODIES[name];
            return (
              <StepCard
                key={name}
                number={index + 1}
                title={t(`${name}.title`)}
                why={t(`${name}.why`)}
                isDone={setup.done[name]}
                isOpen={opened === name}
                onToggle={() => setChosen(opened === name ? "none" : name)}
              >
                <Body setup={setup} />
              </StepCard>
            );
          })}
        </ol>
      )}
    </Page>
  );
}
