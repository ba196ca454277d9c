import { Form, Input, Switch, type TableProps } from "antd";
import { Gift } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { CountField } from "../components/CountField";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { ConditionsField } from "./ConditionsField";
import styles from "./Fields.module.css";
import { type Recommendation, recommendations } from "./resources";

const DayInput = lazy(async () => ({ default: (await import("@/ui/DayInput")).DayInput }));

/** What agents offer to customers whom it fits, and how customers answered. */
export function RecommendationsPage() {
  const { t } = useTranslation(["assistance", "admin"]);
  const columns: NonNullable<TableProps<Recommendation>["columns"]> = [
    {
      key: "name",
      title: t("recommendations.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    {
      key: "ends_on",
      title: t("recommendations.days"),
      sorter: true,
      render: (_, { starts_on, ends_on }) =>
        starts_on || ends_on ? `${starts_on ?? "…"} – ${ends_on ?? "…"}` : t("recommendations.always"),
    },
    { key: "shown", title: t("recommendations.shown"), dataIndex: "shown", className: "numbers" },
    { key: "accepted", title: t("recommendations.accepted"), dataIndex: "accepted", className: "numbers" },
    { key: "declined", title: t("recommendations.declined"), dataIndex: "declined", className: "numbers" },
    {
      key: "is_active",
      title: t("state"),
      sorter: true,
      render: (_, row) => (
        <StatusTag tone={row.is_active ? "ready" : "off"}>{t(row.is_active ? "on" : "off")}</StatusTag>
      ),
    },
  ];
  return (
    <RecordsPage<Recommendation>
      noun="recommendations"
      icon={Gift}
      resource={recommendations}
      columns={columns}
      nameOf={(row) => row.name}
      drawer={(row, close) => <RecommendationDrawer row={row} onClose={close} />}
    />
  );
}

type Values = Omit<Recommendation, "id" | "shown" | "accepted" | "declined">;

function RecommendationDrawer({ row, onClose }: { row: Recommendation | null; onClose: () => void }) {
  const { t } = useTranslation(["assistance", "admin"]);
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row?.name ?? t("admin:recommendations.add")}
      width={620}
      initial={row ?? { words: "", conditions: [], is_active: true, position: 0 }}
      save={(values) => {
        const body = {
          ...values,
          words: values.words ?? "",
          conditions: values.conditions ?? [],
          starts_on: values.starts_on || null,
          ends_on: values.ends_on || null,
        };
        return row ? recommendations.change(row.id, body) : recommendations.create(body);
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("recommendations.name")}
        rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
      >
        <Input maxLength={60} autoFocus={!row} placeholder={t("recommendations.nameExample")} />
      </Form.Item>
      <Form.Item name="words" label={t("recommendations.words")} extra={t("recommendations.wordsHint")}>
        <Input.TextArea maxLength={2000} rows={3} />
      </Form.Item>
      <h2 className={styles.title}>{t("conditions.title")}</h2>
      <p className={styles.hint}>{t("conditions.hint")}</p>
      <ConditionsField />
      <Suspense fallback={null}>
        <div className={styles.days}>
          <Form.Item name="starts_on" label={t("recommendations.startsOn")}>
            <DayInput />
          </Form.Item>
          <Form.Item name="ends_on" label={t("recommendations.endsOn")}>
            <DayInput />
          </Form.Item>
        </div>
      </Suspense>
      <CountField name="position" label={t("position")} hint={t("positionHint")} unit="" max={1000} />
      <Form.Item name="is_active" label={t("active")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </RecordDrawer>
  );
}
