import { useQuery } from "@tanstack/react-query";
import type { TableProps } from "antd";
import { UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { StatusTag } from "@/ui/StatusTag";
import { QueueDrawer } from "../components/QueueDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { type Queue, queues } from "../model/api";
import { namesOf } from "../model/names";
import { allUsers } from "../model/queries";
import { HistoryButton } from "../routing/HistoryButton";

const NAMES_SHOWN = 4;

/** The queues: who answers what, how fast, and what happens when nobody does. */
export function QueuesPage() {
  const { t, i18n } = useTranslation("admin");
  const names = namesOf(useQuery(allUsers).data, t("list.comma"));
  const columns: NonNullable<TableProps<Queue>["columns"]> = [
    {
      key: "name",
      title: t("queues.name"),
      sorter: true,
      render: (_, queue) => <RecordLink id={queue.id}>{localName(queue, i18n.language)}</RecordLink>,
    },
    {
      key: "members",
      title: t("queues.members"),
      render: (_, { members }) =>
        members.length === 0 ? (
          <StatusTag tone="acw">{t("queues.nobody")}</StatusTag>
        ) : (
          t("queues.membersShown", {
            count: members.length,
            names: names(members.slice(0, NAMES_SHOWN)) + (members.length > NAMES_SHOWN ? "…" : ""),
          })
        ),
    },
    {
      key: "service_level_s",
      title: t("queues.serviceLevel"),
      sorter: true,
      render: (_, queue) => t("form.secondsShown", { count: queue.service_level_s }),
    },
    { key: "extension", title: t("queues.extension"), render: (_, queue) => queue.extension || "–" },
    {
      key: "wrap_up_s",
      title: t("queues.wrapUp"),
      sorter: true,
      render: (_, queue) => t("form.secondsShown", { count: queue.wrap_up_s }),
    },
    {
      key: "is_recorded",
      title: t("queues.recorded"),
      render: (_, queue) => (queue.is_recorded ? t("form.yes") : t("form.no")),
    },
  ];
  return (
    <RecordsPage<Queue>
      noun="queues"
      icon={UsersRound}
      resource={queues}
      columns={columns}
      headActions={<HistoryButton kind="queue" />}
      nameOf={(queue) => localName(queue, i18n.language)}
      drawer={(queue, close) => <QueueDrawer queue={queue} onClose={close} />}
    />
  );
}
