import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, type TableProps } from "antd";
import { Smile } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { fromListState, toListState } from "@/ui/list-search";
import { Card } from "@/ui/Page";
import { answersQuery, type SurveyAnswer, toAnswersQuery } from "../model/queries";
import type { SurveysSearch } from "../model/search";
import { ScoreTag } from "./ScoreTag";

interface Props {
  search: SurveysSearch;
  isFiltered: boolean;
  onChange: (changes: SurveysSearch) => void;
  onClear: () => void;
}

/** The answers one by one, each with the contact that it judges. */
export function Answers({ search, isFiltered, onChange, onClear }: Props) {
  const { t } = useTranslation(["surveys", "ui"]);
  const zone = useTimeZone();
  const { data, error, isPending, refetch } = useQuery(answersQuery(toAnswersQuery(search, zone)));
  const columns: NonNullable<TableProps<SurveyAnswer>["columns"]> = [
    {
      key: "answered_at",
      title: t("column.answeredAt"),
      sorter: true,
      render: (_, row) => (
        <Link to="/interactions/$interaction" params={{ interaction: row.interaction }} className="numbers">
          {formatInstant(row.answered_at, zone)}
        </Link>
      ),
    },
    { key: "question", title: t("group.question"), sorter: true, dataIndex: "question" },
    {
      key: "score",
      title: t("column.score"),
      sorter: true,
      render: (_, row) => <ScoreTag score={row.score} most={row.most} />,
    },
    { key: "queue", title: t("group.queue"), render: (_, row) => row.queue_name || "–" },
    { key: "agent", title: t("group.agent"), render: (_, row) => row.agent_name || "–" },
  ];
  return (
    <Card>
      <DataTable
        label={t("tab.answers")}
        columns={columns}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        list={toListState(search)}
        onList={(list) => onChange(fromListState(list))}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={
          isFiltered ? (
            <EmptyState
              icon={Smile}
              title={t("ui:list.nothingFound")}
              hint={t("ui:list.nothingFoundHint")}
              action={<Button onClick={onClear}>{t("ui:list.clear")}</Button>}
            />
          ) : (
            <EmptyState icon={Smile} title={t("emptyTitle")} hint={t("emptyHint")} />
          )
        }
      />
    </Card>
  );
}
