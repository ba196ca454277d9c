import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Space } from "antd";
import { PhoneForwarded, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { CopyButton } from "../../components/CopyButton";
import { PageSkeleton } from "../../components/PageSkeleton";
import { SettingsForm } from "../../components/SettingsForm";
import styles from "./EmbeddingPage.module.css";
import { type EmbeddingValues, embeddingQuery, saveEmbedding, snippetOf } from "./queries";

/** Whose pages may show the company's telephone, and what to put into them. */
export function EmbeddingPage() {
  const { t } = useTranslation("integrations");
  const stored = useQuery(embeddingQuery);
  const company = useQuery(sessionQuery).data?.company?.code ?? "";
  if (stored.isError)
    return (
      <Page width="form">
        <ErrorNotice error={stored.error} onRetry={() => void stored.refetch()} />
      </Page>
    );
  if (!stored.data) return <PageSkeleton />;
  const snippet = snippetOf(location.origin, company);
  return (
    <Page width="form">
      <PageHeader title={t("embedding.title")} hint={t("embedding.hint")} />
      <Card>
        <SettingsForm<EmbeddingValues>
          key={stored.data.origins.join(" ")}
          label={t("embedding.title")}
          initial={stored.data}
          save={({ origins }) => saveEmbedding({ origins: origins ?? [] })}
        >
          <OriginsField />
        </SettingsForm>
      </Card>
      <Card>
        <section className={styles.snippet} aria-label={t("embedding.snippet")}>
          <header className={styles.head}>
            <h2 className={styles.title}>{t("embedding.snippet")}</h2>
            <CopyButton text={snippet} label={t("embedding.copy")} />
          </header>
          <p className={styles.hint}>{t("embedding.snippetHint")}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre className={styles.code} tabIndex={0}>
            {snippet}
          </pre>
          <p className={styles.hint}>{t("embedding.needs")}</p>
        </section>
      </Card>
    </Page>
  );
}

function OriginsField() {
  const { t } = useTranslation("integrations");
  return (
    <Form.List name="origins">
      {(rows, { add, remove }) => {
        const addButton = (
          <Button icon={<Plus size={16} />} onClick={() => add("")}>
            {t("embedding.add")}
          </Button>
        );
        if (rows.length === 0)
          return (
            <EmptyState
              icon={PhoneForwarded}
              title={t("embedding.empty")}
              hint={t("embedding.emptyHint")}
              action={addButton}
            />
          );
        return (
          <div className={styles.origins}>
            {rows.map(({ key, name }) => (
              <Space.Compact key={key} block className={styles.origin ?? ""}>
                <Form.Item
                  name={name}
                  className={styles.address ?? ""}
                  rules={[{ required: true, whitespace: true, message: t("required") }]}
                >
                  <Input
                    aria-label={t("embedding.origin", { row: name + 1 })}
                    placeholder="https://crm.example.com"
                    maxLength={500}
                    spellCheck={false}
                    autoComplete="off"
                  />
                </Form.Item>
                <Button
                  icon={<Trash2 size={16} />}
                  aria-label={t("embedding.remove", { row: name + 1 })}
                  onClick={() => remove(name)}
                />
              </Space.Compact>
            ))}
            <div>{addButton}</div>
          </div>
        );
      }}
    </Form.List>
  );
}
