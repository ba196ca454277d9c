import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Flex, InputNumber, Space, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { type FlowDetail, flowQuery } from "../model/queries";
import { setRules } from "../model/tests";

/** What is usual where somebody minds again. */
const USUAL_STEPS = 5;
const MOST_STEPS = 50;

/** What a flow is held to: its tests before it is published, and how soon a caller is offered a person. */
export function FlowRules({ flow, isReadOnly }: { flow: FlowDetail; isReadOnly: boolean }) {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [steps, setSteps] = useState(flow.person_within ?? USUAL_STEPS);
  const saving = useMutation({
    mutationFn: (change: { needs_tests?: boolean; person_within?: number | null }) =>
      setRules(flow.id, { needs_tests: flow.needs_tests, person_within: flow.person_within, ...change }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: flowQuery(flow.id).queryKey }),
    onError: (error) => void message.error(problemText(error)),
  });
  const isMinded = flow.person_within !== null;
  const keep = () => {
    if (isMinded && steps !== flow.person_within) saving.mutate({ person_within: steps });
  };
  return (
    <Flex gap={24} wrap role="group" aria-label={t("rules.title")}>
      <Space>
        <Switch
          id="needs-tests"
          aria-label={t("tests.demand")}
          disabled={isReadOnly}
          checked={flow.needs_tests}
          onChange={(needs_tests) => saving.mutate({ needs_tests })}
        />
        <label htmlFor="needs-tests">{t("tests.demand")}</label>
      </Space>
      <Space>
        <Switch
          id="person-within"
          aria-label={t("rules.person")}
          disabled={isReadOnly}
          checked={isMinded}
          onChange={(is) => saving.mutate({ person_within: is ? steps : null })}
        />
        <label htmlFor="person-within">{t("rules.person")}</label>
        <InputNumber<number>
          aria-label={t("rules.steps")}
          min={1}
          max={MOST_STEPS}
          precision={0}
          disabled={isReadOnly || !isMinded}
          value={steps}
          onChange={(value) => setSteps(value ?? USUAL_STEPS)}
          onBlur={keep}
          onPressEnter={keep}
          suffix={t("rules.unit")}
          style={{ width: 96 }}
        />
      </Space>
    </Flex>
  );
}
