import { Link } from "@tanstack/react-router";
import type { TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatShortInstant } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag } from "@/ui/StatusTag";
import type { Task } from "../model/queries";

export function useTaskColumns(showsOwner: boolean): NonNullable<TableProps<Task>["columns"]> {
  const { t } = useTranslation("tasks");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  return [
    {
      key: "due_at",
      title: t("column.due"),
      sorter: true,
      width: 140,
      render: (_, { due_at, state }) => (
        <time dateTime={due_at}>
          {state === "planned" && Date.parse(due_at) < now_ms ? (
            <StatusTag tone="ring">{formatShortInstant(due_at, zone, now_ms)}</StatusTag>
          ) : (
            formatShortInstant(due_at, zone, now_ms)
          )}
        </time>
      ),
    },
    {
      key: "subject",
      title: t("column.subject"),
      sorter: true,
      render: (_, { subject, anchor_on, rule_name }) => (
        <>
          {subject} {anchor_on && <StatusTag tone="break">{rule_name || t("care")}</StatusTag>}
        </>
      ),
    },
    {
      key: "customer",
      title: t("column.customer"),
      render: (_, { customer }) => (
        <Link
          to="/customers/$customer"
          params={{ customer: String(customer.id) }}
          onClick={(event) => event.stopPropagation()}
        >
          {customer.name}
        </Link>
      ),
    },
    { key: "how", title: t("column.how"), render: (_, { how }) => t(`how.${how}`) },
    ...(showsOwner
      ? [
          {
            key: "owner",
            title: t("column.owner"),
            render: (_: unknown, { owner }: Task) => owner?.name ?? "—",
          },
        ]
      : []),
    {
      key: "state",
      title: t("column.state"),
      render: (_, { state, outcome, attempts }) =>
        [
          t(`state.${state}`),
          outcome && t(`outcome.${outcome}`),
          attempts > 0 && t("attempts", { count: attempts }),
        ]
          .filter(Boolean)
          .join(" · "),
    },
  ];
}
