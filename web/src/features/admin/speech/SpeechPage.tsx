import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Table, type TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { StatusTag } from "@/ui/StatusTag";
import { useReasonText } from "../interfaces/useReasonText";
import { type Speaker, speechQuery } from "./api";
import { conditionOf, isNobody, TONES } from "./condition";
import { TryHearing } from "./TryHearing";
import { TrySaying } from "./TrySaying";

const KINDS = ["synthesis", "recognition"] as const;

/** Who speaks and who hears in each language, how it went last, and trying either. */
export function SpeechPage() {
  const { t } = useTranslation("speech");
  const found = useQuery(speechQuery);
  const columns = useColumns();
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={<Link to={"/admin/external-services" as string}>{t("add")}</Link>}
      />
      {found.isError && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && !found.data.is_known && <Alert type="warning" showIcon title={t("unknown")} />}
      {KINDS.map((kind) => (
        <Card key={kind} title={t(kind)}>
          <Table<Speaker>
            aria-label={t(kind)}
            rowKey="language"
            loading={found.isPending}
            dataSource={found.data?.items.filter((each) => each.kind === kind) ?? []}
            pagination={false}
            scroll={{ x: "max-content" }}
            columns={columns}
          />
        </Card>
      ))}
    </Page>
  );
}

function useColumns(): NonNullable<TableProps<Speaker>["columns"]> {
  const { t } = useTranslation("speech");
  const zone = useTimeZone();
  const reasonText = useReasonText();
  return [
    { key: "language", title: t("language"), render: (_, row) => t(`languages.${row.language}`) },
    { key: "by", title: t("by"), render: (_, row) => <By row={row} /> },
    {
      key: "state",
      title: t("state"),
      render: (_, row) => {
        const condition = conditionOf(row);
        return (
          <StatusTag tone={TONES[condition]} hasDot>
            {t(`states.${condition}`)}
          </StatusTag>
        );
      },
    },
    {
      key: "succeeded",
      title: t("succeeded"),
      render: (_, row) => (row.succeeded_at && !isNobody(row) ? formatInstant(row.succeeded_at, zone) : "—"),
    },
    {
      key: "failed",
      title: t("failed"),
      render: (_, row) =>
        row.failed_at && !isNobody(row)
          ? `${formatInstant(row.failed_at, zone)} · ${reasonText(row.cause)}`
          : "—",
    },
    {
      key: "counts",
      title: <span title={t("countsHint")}>{t("counts")}</span>,
      render: (_, row) =>
        isNobody(row) ? "—" : <span className="numbers">{`${row.successes} / ${row.failures}`}</span>,
    },
    {
      key: "try",
      title: t("try"),
      render: (_, row) => (row.kind === "synthesis" ? <TrySaying row={row} /> : <TryHearing row={row} />),
    },
  ];
}

/** The service, or what the installation has itself. */
function By({ row }: { row: Speaker }) {
  const { t } = useTranslation("speech");
  if (row.service_id !== null)
    return (
      <Link to={"/admin/external-services" as string} search={{ open: String(row.service_id) } as never}>
        {row.service_name}
      </Link>
    );
  return row.kind === "synthesis" ? t("own.synthesis") : t(`own.recognition.${row.language}`);
}
