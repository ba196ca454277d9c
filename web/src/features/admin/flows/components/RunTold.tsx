import { Typography } from "antd";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import type { ScriptRun } from "../model/tests";

/** What came of a script: the line that did not hold, and what happened instead. */
export function RunTold({ run }: { run: ScriptRun }) {
  const { t, i18n } = useTranslation("flows");
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
          {run.instead.map(({ what, name }) => t(`tests.traces.${what as "say"}`, { name })).join(" → ")}
        </Typography.Text>
      )}
    </div>
  );
}
