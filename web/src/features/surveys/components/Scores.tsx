import { useQuery } from "@tanstack/react-query";
import { Select, Table } from "antd";
import { Smile } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { formatShare, type Satisfaction, satisfactionQuery } from "../model/queries";
import { GROUPS, type SurveysSearch } from "../model/search";
import styles from "./Scores.module.css";

interface Props {
  search: SurveysSearch;
  onGroup: (by: SurveysSearch["by"]) => void;
}

/** What the answers come to: in four numbers, and by group. */
export function Scores({ search, onGroup }: Props) {
  const { t, i18n } = useTranslation("surveys");
  const zone = useTimeZone();
  const by = search.by ?? "queue";
  const { data, error, isPending, refetch } = useQuery(satisfactionQuery(search, zone));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const total = data?.total;
  const share = (name: "response_rate_pct" | "satisfied_pct" | "dissatisfied_pct" | "average_score_pct") => ({
    key: name,
    title: <span title={t(`definition.${name}`)}>{t(`figure.${name}`)}</span>,
    align: "right" as const,
    sorter: (a: Satisfaction, b: Satisfaction) => (a[name] ?? -1) - (b[name] ?? -1),
    render: (_: unknown, row: Satisfaction) => <span className="numbers">{formatShare(row[name])}</span>,
  });
  const count = (name: "asked" | "responded" | "answers") => ({
    key: name,
    title: t(`figure.${name}`),
    align: "right" as const,
    sorter: (a: Satisfaction, b: Satisfaction) => a[name] - b[name],
    render: (_: unknown, row: Satisfaction) => <span className="numbers">{row[name]}</span>,
  });
  const isOfQuestions = by === "question";
  return (
    <>
      {total && (
        <ul className={styles.tiles} aria-label={t("total")}>
          {(["satisfied_pct", "dissatisfied_pct", "average_score_pct", "response_rate_pct"] as const).map(
            (name) => (
              <li key={name} className={styles.tile}>
                <p className={styles.name} title={t(`definition.${name}`)}>
                  {t(`figure.${name}`)}
                </p>
                <p className={styles.value}>{formatShare(total[name])}</p>
                <p className={styles.more}>
                  {name === "response_rate_pct" ? t("more.asked", total) : t("more.answers", total)}
                </p>
              </li>
            ),
          )}
        </ul>
      )}
      <Card>
        <Select
          value={by}
          onChange={onGroup}
          options={GROUPS.map((value) => ({ value, label: t(`by.${value}`) }))}
          aria-label={t("by.label")}
          style={{ width: 160, marginBottom: 12 }}
        />
        <Table<Satisfaction>
          rowKey="key"
          aria-label={t("title")}
          size="middle"
          loading={isPending}
          dataSource={data?.groups ?? []}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          locale={{
            emptyText: <EmptyState icon={Smile} title={t("emptyTitle")} hint={t("emptyHint")} />,
          }}
          columns={[
            {
              key: "name",
              title: t(`group.${by}`),
              sorter: (a, b) => a.name.localeCompare(b.name),
              render: (_, row) => localName(row, i18n.language) || t("nobody"),
            },
            ...(isOfQuestions ? [] : [count("asked"), count("responded"), share("response_rate_pct")]),
            count("answers"),
            share("satisfied_pct"),
            share("dissatisfied_pct"),
            share("average_score_pct"),
          ]}
        />
      </Card>
    </>
  );
}
