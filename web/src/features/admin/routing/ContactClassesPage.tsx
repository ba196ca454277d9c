import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Skeleton } from "antd";
import { Crown, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { fieldProblemText } from "@/api/problem-text";
import { useIsViewing } from "@/api/session";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useSettingsChanged } from "../model/queries";
import { ClassCard } from "./ClassCard";
import { HistoryButton } from "./HistoryButton";
import styles from "./Routing.module.css";
import { type ContactClass, contactClassesQuery, saveContactClasses } from "./resources";

const MOST = 30;

const FRESH: Omit<ContactClass, "code" | "name"> = {
  name_en: "",
  points: 0,
  per_minute: 1,
  at_most: 1000,
  target_s: null,
  target_pct: 80,
  is_hard: false,
  is_for_vips: false,
  customer_classes: [],
  entries: [],
};

/** Classes of contacts: tried from the top, the first that fits says how soon a caller's turn comes. */
export function ContactClassesPage() {
  const { t } = useTranslation("routing");
  const { data, error, refetch, dataUpdatedAt } = useQuery(contactClassesQuery);
  return (
    <Page>
      <PageHeader
        title={t("classes.title")}
        hint={t("classes.hint")}
        actions={<HistoryButton kind="contact_classes" />}
      />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Card>
          <Skeleton active />
        </Card>
      )}
      {data && <Classes key={dataUpdatedAt} stored={data.classes} />}
    </Page>
  );
}

function Classes({ stored }: { stored: ContactClass[] }) {
  const { t } = useTranslation("routing");
  const { message } = App.useApp();
  const client = useQueryClient();
  const changed = useSettingsChanged();
  const isViewing = useIsViewing();
  const [form] = Form.useForm<{ classes: ContactClass[] }>();
  const typed = Form.useWatch("classes", form) ?? stored;
  const save = useMutation({
    mutationFn: ({ classes = [] }: { classes?: ContactClass[] }) => saveContactClasses(classes),
    onSuccess: async (saved) => {
      client.setQueryData(contactClassesQuery.queryKey, saved);
      message.success(t("classes.saved"));
      await changed();
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem)) return;
      const marks = Object.entries(error.fields).map(([name, code]) => ({
        name: name.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
        errors: [fieldProblemText(code)],
      }));
      form.setFields(marks as Parameters<typeof form.setFields>[0]);
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      aria-label={t("classes.title")}
      initialValues={{ classes: stored }}
      onFinish={(values) => save.mutate(values)}
    >
      <Form.List name="classes">
        {(lines, { add, remove, move }) => {
          const addOne = (
            <Button
              type={lines.length === 0 ? "primary" : "default"}
              icon={<Plus size={16} />}
              disabled={lines.length >= MOST}
              onClick={() => add({ ...FRESH })}
            >
              {t("classes.add")}
            </Button>
          );
          return (
            <div className={styles.classes}>
              {lines.length === 0 && (
                <Card>
                  <EmptyState
                    icon={Crown}
                    title={t("classes.empty")}
                    hint={t("classes.emptyHint")}
                    action={addOne}
                  />
                </Card>
              )}
              {lines.map((line, index) => (
                <ClassCard
                  key={line.key}
                  place={line.name}
                  isKnown={stored.some(({ code }) => code === typed[line.name]?.code)}
                  isFirst={index === 0}
                  isLast={index === lines.length - 1}
                  onMove={(by) => move(index, index + by)}
                  onRemove={() => remove(line.name)}
                />
              ))}
              {lines.length > 0 && addOne}
            </div>
          );
        }}
      </Form.List>
      {save.error && <ErrorNotice error={save.error} />}
      {(typed.length > 0 || stored.length > 0) && (
        <Button
          type="primary"
          htmlType="submit"
          className={styles.save ?? ""}
          disabled={isViewing}
          loading={save.isPending}
        >
          {t("classes.save")}
        </Button>
      )}
    </Form>
  );
}
