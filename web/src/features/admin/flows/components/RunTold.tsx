import { useQuery } from "@tanstack/react-query";
import { Typography } from "antd";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import type { FlowGraph } from "../model/graph";
import { flowQuery } from "../model/queries";
import type { ScriptRun } from "../model/tests";
import { useKinds } from "../model/useKinds";

/** What came of a script: the line that did not hold, and what happened instead. */
export function RunTold({ flow, run }: { flow: number; run: ScriptRun }) {
  const { t, i18n } = useTranslation("flows");
  const draft = useQuery(flowQuery(flow)).data?.draft as Partial<FlowGraph> | undefined;
  const steps = Array.isArray(draft?.nodes) ? draft.nodes : [];
  const known = useKinds();
  /** A step by its kind, and by the id that scripts know it by. */
  const nameOf = (what: string, name: string) => {
    const step = what === "node" ? steps.find(({ id }) => id === name) : undefined;
    return step ? t("tests.stepNamed", { kind: known.nameOf(step.kind), id: name }) : name;
  };
  if (run.is_passed)
    return <StatusTag tone="ready">{t("tests.passedIn", { seconds: run.lasted_s })}</StatusTag>;
  const why = i18n.exists(`flows:tests.whys.${run.why}`) ? t(`tests.whys.${run.why as "not_so"}`) : run.why;
  return (
    <div>
      <StatusTag tone="break">{t("tests.failedAt", { line: run.line })}</StatusTag>{" "}
      <Typography.Text code>{run.text}</Typography.Text>
      <div>{why}</div>
      {run.instead.length > 0 && (
        <Typography.Text type="secondary">
          {t("tests.instead")}
          {run.instead
            .map(({ what, name }) => t(`tests.traces.${what as "say"}`, { name: nameOf(what, name) }))
            .join(" → ")}
        </Typography.Text>
      )}
    </div>
  );
}
