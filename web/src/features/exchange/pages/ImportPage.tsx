import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Steps } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ImportHistory } from "../components/ImportHistory";
import { UploadStep } from "../components/UploadStep";
import { importKindsQuery, importQuery } from "../model/queries";
import { stageOf } from "../model/stage";

const MappingStep = lazy(async () => ({ default: (await import("../components/MappingStep")).MappingStep }));
const CheckStep = lazy(async () => ({ default: (await import("../components/CheckStep")).CheckStep }));
const ResultStep = lazy(async () => ({ default: (await import("../components/ResultStep")).ResultStep }));

/** Bringing a table in: file, columns, dry run, result. The address says which import is open. */
export function ImportPage() {
  const { t } = useTranslation("exchange");
  const search = useSearch({ from: "/shell/import" });
  const navigate = useNavigate();
  const kinds = useQuery(importKindsQuery);
  const opened = useQuery({ ...importQuery(search.id ?? 0), enabled: search.id !== undefined });
  const found = search.id === undefined ? undefined : opened.data;
  const stage = stageOf(found);
  const kind = kinds.data?.kinds.find(({ code }) => code === found?.kind);
  const open = (id?: number) => void navigate({ to: "/import", search: id === undefined ? {} : { id } });

  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={found ? found.file_name : t("hint")}
        actions={found && <Button onClick={() => open()}>{t("another")}</Button>}
      />
      <Steps
        current={stage}
        responsive
        size="small"
        style={{ marginBottom: 16 }}
        items={[t("step.file"), t("step.columns"), t("step.check"), t("step.result")].map((title) => ({
          title,
        }))}
      />
      {(kinds.error || opened.error) && <ErrorNotice error={kinds.error ?? opened.error} />}
      {search.id === undefined && kinds.data && (
        <>
          <Card title={t("upload.title")}>
            <UploadStep kinds={kinds.data} kind={search.kind} onUploaded={(made) => open(made.id)} />
          </Card>
          <ImportHistory
            kinds={kinds.data.kinds}
            search={search}
            onSearch={(changed) => void navigate({ to: "/import", search: changed, replace: true })}
            onOpen={open}
          />
        </>
      )}
      <Suspense>
        {found && kind && stage === 1 && (
          <MappingStep
            key={`${found.id}-${found.encoding}-${found.separator}`}
            found={found}
            kind={kind}
            encodings={kinds.data?.encodings ?? []}
          />
        )}
        {found && stage === 2 && <CheckStep found={found} />}
        {found && stage === 3 && <ResultStep found={found} />}
      </Suspense>
    </Page>
  );
}
