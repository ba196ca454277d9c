import { Link } from "@tanstack/react-router";
import { Alert, Button, Progress } from "antd";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { STEPS, type StepName } from "../model/steps";
import type { Setup } from "../model/useSetup";
import { AgentsStep } from "./AgentsStep";
import { FlowStep } from "./FlowStep";
import { HoursStep } from "./HoursStep";
import { LineStep } from "./LineStep";
import { QueueStep } from "./QueueStep";
import { StepCard } from "./StepCard";
import { TestStep } from "./TestStep";

const BODIES: Record<StepName, ComponentType<{ setup: Setup }>> = {
  line: LineStep,
  hours: HoursStep,
  queue: QueueStep,
  agents: AgentsStep,
  flow: FlowStep,
  test: TestStep,
};

/** The steps, one open at a time: at first the one to do next, then whichever the reader opens or goes on to. */
export function Checklist({ setup }: { setup: Setup }) {
  const { t } = useTranslation("setup");
  const [opened, setOpened] = useState<StepName | null>(setup.next);
  const count = STEPS.filter((name) => setup.done[name]).length;
  return (
    <Page width="form">
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <Progress
            type="circle"
            size={44}
            percent={(count / STEPS.length) * 100}
            format={() => `${count}/${STEPS.length}`}
            aria-label={t("progress", { count, total: STEPS.length })}
          />
        }
      />
      {setup.next === null && (
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
      <ol>
        {STEPS.map((name, index) => {
          const Body = BODIES[name];
          const following = STEPS[index + 1];
          return (
            <StepCard
              key={name}
              number={index + 1}
              title={t(`${name}.title`)}
              why={t(`${name}.why`)}
              isDone={setup.done[name]}
              isOpen={opened === name}
              onToggle={() => setOpened(opened === name ? null : name)}
              {...(following && { onNext: () => setOpened(following) })}
            >
              <Body setup={setup} />
            </StepCard>
          );
        })}
      </ol>
    </Page>
  );
}
