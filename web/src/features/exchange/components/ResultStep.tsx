import { Alert, Button, Popconfirm, Space } from "antd";
import { useTranslation } from "react-i18next";
import { fieldProblemText } from "@/api/problem-text";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { errorsAddress, type Import, stepImport } from "../model/queries";
import { isWorking, rowsToDo } from "../model/stage";
import { useImportChange } from "../model/useStep";
import { Counts } from "./Counts";
import { KeptRows, OutcomeRows } from "./OutcomeRows";
import { PasswordsNotice } from "./PasswordsNotice";
import { Working } from "./Working";

const KINDS = { done: "success", cancelled: "warning", undone: "info" } as const;

/** What the import did, and the way back. */
export function ResultStep({ found }: { found: Import }) {
  const { t } = useTranslation("exchange");
  const undo = useImportChange(() => stepImport(found.id, "undo"));
  if (isWorking(found))
    return (
      <Card title={t("result.title")}>
        <Working found={found} />
      </Card>
    );
  const state = found.state as keyof typeof KINDS;
  const kept = found.counts.kept ?? 0;
  return (
    <Card title={t("result.title")}>
      <Space orientation="vertical" size="middle" style={{ width: "100%" }}>
        <Alert
          type={KINDS[state]}
          showIcon
          title={t(`result.${state}`)}
          {...(found.problem && { description: fieldProblemText(found.problem) })}
        />
        <Counts found={found} />
        {found.secrets > 0 && <PasswordsNotice found={found} />}
        <Space wrap>
          {(found.counts.refused ?? 0) > 0 && (
            <Button href={errorsAddress(found.id)} download>
              {t("errors.download")}
            </Button>
          )}
          {state !== "undone" && rowsToDo(found.counts) > 0 && (
            <Popconfirm
              title={t("undo.sure")}
              description={t("undo.hint")}
              okText={t("undo.yes")}
              cancelText={t("undo.no")}
              onConfirm={() => undo.mutate(undefined)}
            >
              <Button danger loading={undo.isPending}>
                {t("undo.title")}
              </Button>
            </Popconfirm>
          )}
        </Space>
        {undo.error && <ErrorNotice error={undo.error} />}
        {kept > 0 && (
          <>
            <Alert type="warning" showIcon title={t("undo.kept", { count: kept })} />
            <KeptRows found={found} />
          </>
        )}
        {state !== "undone" && <OutcomeRows found={found} />}
      </Space>
    </Card>
  );
}
