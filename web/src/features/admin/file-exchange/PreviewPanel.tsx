import { useMutation } from "@tanstack/react-query";
import { Alert, Button, type FormInstance, Table } from "antd";
import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type FilePlan, type FilePlanBody, type FilePreview, previewPlan } from "./api";
import type { PlanForm } from "./form";
import { useProblemText } from "./useProblemText";

interface Props {
  plan: FilePlan | null;
  body: () => FilePlanBody;
  form: FormInstance<PlanForm>;
}

/** The dry run: what would be written or taken now. It also finds the columns of a file that comes in. */
export function PreviewPanel({ plan, body, form }: Props) {
  const { t } = useTranslation("file-exchange");
  const shown = useMutation({
    mutationFn: () => previewPlan({ ...body(), name: body().name || "-", plan: plan?.id ?? null }),
    onSuccess: ({ guess }) => {
      const pairs = Object.entries(guess).map(([title, field]) => ({ title, field }));
      const isEmpty = !(form.getFieldValue("pairs") ?? []).some((pair: { title?: string }) => pair?.title);
      if (body().direction === "in" && isEmpty) form.setFieldValue("pairs", pairs);
    },
  });
  return (
    <section aria-label={t("preview.title")} aria-live="polite">
      <Button icon={<Eye size={16} />} loading={shown.isPending} onClick={() => shown.mutate()}>
        {t("preview.show")}
      </Button>
      <div style={{ marginTop: 16 }}>
        {shown.isError && <ErrorNotice error={shown.error} />}
        {shown.data && <Shown preview={shown.data} isIn={body().direction === "in"} />}
      </div>
    </section>
  );
}

function Shown({ preview, isIn }: { preview: FilePreview; isIn: boolean }) {
  const { t } = useTranslation("file-exchange");
  const zone = useTimeZone();
  const problemText = useProblemText();
  const said = isIn
    ? t("preview.files", {
        count: preview.files.length,
        place: preview.place,
        interpolation: { escapeValue: false },
      })
    : t("preview.rows", { count: preview.rows, place: preview.place, interpolation: { escapeValue: false } });
  return (
    <>
      {preview.fault && <Alert type="error" showIcon title={problemText(preview.fault, preview.facts)} />}
      {preview.beyond.length > 0 && <Alert type="warning" showIcon title={t("preview.beyond")} />}
      {preview.missing.length > 0 && (
        <Alert type="error" showIcon title={problemText("columns_missing", { columns: preview.missing })} />
      )}
      <p>{said}</p>
      {preview.next_at && <p>{t("preview.next", { at: formatInstant(preview.next_at, zone) })}</p>}
      {preview.titles.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section tabIndex={0} aria-label={t("preview.sample")} style={{ overflowX: "auto" }}>
          <Table
            size="small"
            pagination={false}
            aria-label={t("preview.sample")}
            rowKey={(row) => row.key}
            columns={preview.titles.map((title, at) => ({
              key: `${at}`,
              title,
              render: (_, row) => row.cells[at],
            }))}
            dataSource={preview.sample.map((cells, at) => ({ key: at, cells }))}
          />
        </section>
      )}
    </>
  );
}
