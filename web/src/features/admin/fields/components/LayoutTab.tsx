import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { formQuery } from "@/ui/record-form/query";
import { useSettingsChanged } from "../../model/queries";
import { fieldName, type Sections } from "../model/layout";
import { resetLayout, saveLayout } from "../model/queries";
import { LayoutEditor } from "./LayoutEditor";

/** The form of one type of record, to be arranged. */
export function LayoutTab({ subject, variant }: { subject: string; variant: string }) {
  const { t, i18n } = useTranslation("fields");
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const changed = useSettingsChanged();
  const query = formQuery(subject, variant);
  const { data: form, error, refetch } = useQuery(query);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!form) return <Skeleton active />;

  const save = async (sections: Sections) => {
    try {
      const saved = await saveLayout(subject, variant, { version: form.version, sections: [...sections] });
      queryClient.setQueryData(query.queryKey, saved);
      message.success(t("layout.saved"));
    } catch (problem) {
      const marks = problem instanceof ApiProblem ? Object.entries(problem.fields) : [];
      const words = marks.map(
        ([field, code]) => `${fieldName(form, field, i18n.language)}: ${t(`layout.faults.${code}`)}`,
      );
      message.error(words.length > 0 ? words.join(t("layout.semicolon")) : problemText(problem), 8);
    }
  };
  const reset = async () => {
    await resetLayout(subject, variant);
    await changed();
  };
  return <LayoutEditor key={form.version} form={form} onSave={save} onReset={reset} />;
}
