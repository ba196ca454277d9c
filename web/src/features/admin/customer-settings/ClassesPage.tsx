import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Skeleton } from "antd";
import { Layers, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ClassRule } from "./ClassRule";
import styles from "./ClassRule.module.css";
import { type ClassDraft, classesQuery, countQuery, saveClasses } from "./resources";
import { toDrafts } from "./rules";

const MOST = 30;

/** The classes of customers by rule: tried from the top, the first that fits is the customer's. */
export function ClassesPage() {
  const { t } = useTranslation("customer-settings");
  const { data, error, refetch } = useQuery(classesQuery);
  return (
    <Page>
      <PageHeader title={t("classes.title")} hint={t("classes.hint")} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Card>
          <Skeleton active />
        </Card>
      )}
      {data && <Rules key={data.items.map(({ id }) => id).join()} stored={data.items} />}
    </Page>
  );
}

function Rules({ stored }: { stored: ClassDraft[] }) {
  const { t } = useTranslation("customer-settings");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<{ classes: ClassDraft[] }>();
  const typed = Form.useWatch("classes", form) ?? stored;
  const drafts = toDrafts(typed);
  const counts = useQuery({ ...countQuery(drafts ?? []), enabled: drafts !== null });
  const save = useMutation({
    mutationFn: saveClasses,
    onSuccess: async (saved) => {
      client.setQueryData(classesQuery.queryKey, saved);
      message.success(t("classes.saved"));
      await client.invalidateQueries({ queryKey: ["customers"] });
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ classes: stored }}
      onFinish={() => drafts && save.mutate(drafts)}
    >
      <Form.List name="classes">
        {(lines, { add, remove, move }) => {
          const addOne = (
            <Button
              type={lines.length === 0 ? "primary" : "default"}
              icon={<Plus size={16} />}
              disabled={lines.length >= MOST}
              onClick={() => add({ id: null, name: "", name_en: "", colour: "blue", conditions: [] })}
            >
              {t("classes.add")}
            </Button>
          );
          return (
            <div className={styles.rules}>
              {lines.length === 0 && (
                <Card>
                  <EmptyState
                    icon={Layers}
                    title={t("classes.empty")}
                    hint={t("classes.emptyHint")}
                    action={addOne}
                  />
                </Card>
              )}
              {lines.map((line, index) => (
                <ClassRule
                  key={line.key}
                  place={line.name}
                  number={index + 1}
                  isFirst={index === 0}
                  isLast={index === lines.length - 1}
                  count={counts.data?.counts[index]}
                  onMove={(by) => move(index, index + by)}
                  onRemove={() => remove(line.name)}
                />
              ))}
              {lines.length > 0 && addOne}
            </div>
          );
        }}
      </Form.List>
      <p role="status" className={styles.none}>
        {counts.data && t("classes.none", { count: counts.data.none })}
      </p>
      {save.error && <ErrorNotice error={save.error} />}
      {(typed.length > 0 || stored.length > 0) && (
        <Button type="primary" htmlType="submit" disabled={drafts === null} loading={save.isPending}>
          {t("classes.save")}
        </Button>
      )}
    </Form>
  );
}
