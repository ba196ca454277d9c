import { Button, Space } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { changeImport, errorsAddress, type Import, stepImport } from "../model/queries";
import { rowsToDo } from "../model/stage";
import { useImportChange } from "../model/useStep";
import { Counts } from "./Counts";
import { OutcomeRows } from "./OutcomeRows";
import { Working } from "./Working";

/** The dry run: what would happen, row by row; nothing is stored yet. */
export function CheckStep({ found }: { found: Import }) {
  const { t, i18n } = useTranslation("exchange");
  const run = useImportChange(() => stepImport(found.id, "run"));
  const back = useImportChange(() =>
    changeImport(found.id, { encoding: "", separator: "", on_match: found.on_match }),
  );
  if (found.state === "checking")
    return (
      <Card title={t("check.title")}>
        <Working found={found} />
      </Card>
    );
  const toDo = rowsToDo(found.counts);
  return (
    <Card title={t("check.title")}>
      <Space orientation="vertical" size="middle" style={{ width: "100%" }}>
        <Counts found={found} isPlan />
        <Space wrap>
          <Button
            type="primary"
            disabled={toDo === 0}
            loading={run.isPending}
            onClick={() => run.mutate(undefined)}
          >
            {t("check.run", { rows: toDo.toLocaleString(i18n.language) })}
          </Button>
          <Button loading={back.isPending} onClick={() => back.mutate(undefined)}>
            {t("check.back")}
          </Button>
          {(found.counts.refused ?? 0) > 0 && (
            <Button href={errorsAddress(found.id)} download>
              {t("errors.download")}
            </Button>
          )}
        </Space>
        {(run.error || back.error) && <ErrorNotice error={run.error ?? back.error} />}
        <OutcomeRows found={found} />
      </Space>
    </Card>
  );
}
