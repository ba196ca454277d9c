import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { CalendarDays, Coffee, Layers } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { localName } from "@/lib/names";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { EmptyState } from "@/ui/EmptyState";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { AgentPanel } from "../components/AgentPanel";
import { Conversations } from "../components/Conversations";
import { FreshnessMark } from "../components/FreshnessMark";
import { KpiTiles } from "../components/KpiTiles";
import { LiveSkeleton } from "../components/LiveSkeleton";
import { QueueChoice } from "../components/QueueChoice";
import { QueueTable } from "../components/QueueTable";
import { SightNotice } from "../components/SightNotice";
import { WaitingLine } from "../components/WaitingLine";
import { useBoard } from "../model/board";
import { addUp } from "../model/figures";
import { conversationsOf, unseenOf, waitingOf } from "../model/lines";
import { membersQuery } from "../model/queries";
import type { LiveSearch } from "../model/search";
import { useAge } from "../model/useAge";
import styles from "./LivePage.module.css";

const DayFiguresDrawer = lazy(async () => ({
  default: (await import("../components/DayFiguresDrawer")).DayFiguresDrawer,
}));

const RestFiguresDrawer = lazy(async () => ({
  default: (await import("../components/RestFiguresDrawer")).RestFiguresDrawer,
}));

/** The lead's page: today's figures, the waiting line, who is in which state, what is being talked about. */
export function LivePage() {
  const { t, i18n } = useTranslation(["monitor", "softphone"]);
  const search = useSearch({ from: "/shell/live" });
  const navigate = useNavigate({ from: "/live" });
  const board = useBoard();
  const { isStale } = useAge();
  const members = useQuery(membersQuery).data;
  const seesFigures = useRight("figures.read");
  const onSearch = (next: LiveSearch) => void navigate({ to: "/live", search: next, replace: true });
  const closeFigures = () => onSearch({ ...search, show: undefined, from: undefined, to: undefined });

  const queue = board?.queues.find((each) => each.id === search.queue);
  const ownMembers = useMemo(
    () => (queue ? new Set(members?.find((each) => each.id === queue.id)?.members) : null),
    [queue, members],
  );
  const isOnlyUnseen = search.sight === "unseen";
  const unseen = useMemo(() => unseenOf(board?.interactions ?? []), [board]);
  const agents = useMemo(
    () =>
      (board?.agents ?? []).filter(
        (row) =>
          (!ownMembers || ownMembers.has(row.id)) && (!isOnlyUnseen || unseen.has(row.interaction ?? "")),
      ),
    [board, ownMembers, isOnlyUnseen, unseen],
  );
  const choose = useCallback(
    (chosen: number | undefined) =>
      void navigate({
        to: "/live",
        search: (now) => ({ ...now, queue: chosen }),
        replace: true,
      }),
    [navigate],
  );
  const clockOffset_ms = useLive((state) => state.clockOffset_ms);
  if (!board) return <LiveSkeleton />;

  const queuesOf = (agent: number) =>
    (members ?? [])
      .filter((each) => each.members.includes(agent))
      .map((each) => localName(each, i18n.language))
      .join(", ");
  const once = {
    agents_signed_in: board.agents.filter((row) => row.state !== "logged_out").length,
    agents_ready: board.agents.filter((row) => row.state === "ready").length,
  };
  const figures = queue ? addUp([queue]) : addUp(board.queues, once);
  const isShown = (row: InteractionRow) => !isOnlyUnseen || unseen.has(row.id);
  const waiting = waitingOf(board.interactions, queue?.id, {
    order: search.line,
    medium: search.medium,
    now_ms: Date.now() + clockOffset_ms,
  }).filter(({ row }) => isShown(row));
  const conversations = conversationsOf(board.interactions, queue?.id).filter(isShown);

  return (
    <Page>
      <PageHeader
        title={t("title")}
        actions={
          <div className={styles.head}>
            <Button icon={<CalendarDays size={16} />} onClick={() => onSearch({ ...search, show: "days" })}>
              {t("days.open")}
            </Button>
            {seesFigures && (
              <Button icon={<Coffee size={16} />} onClick={() => onSearch({ ...search, show: "rests" })}>
                {t("rests.open")}
              </Button>
            )}
            <QueueChoice queues={board.queues} chosen={queue?.id} onChoose={choose} />
            <FreshnessMark />
          </div>
        }
      />
      {board.queues.length === 0 ? (
        <EmptyState icon={Layers} title={t("queues.emptyTitle")} hint={t("queues.emptyHint")} />
      ) : (
        <div className={styles.live} data-stale={isStale}>
          <SightNotice
            unseen={unseen}
            isOnly={isOnlyUnseen}
            onOnly={(isOnly) => onSearch({ ...search, sight: isOnly ? "unseen" : undefined })}
          />
          <KpiTiles figures={figures} queue={queue?.id} />
          <div className={styles.pair}>
            <div className={styles.cell}>
              <Card title={t("queues.title")}>
                <QueueTable queues={board.queues} chosen={queue?.id} onChoose={choose} />
              </Card>
            </div>
            <div className={styles.cell}>
              <Card title={t("waiting.title", { count: waiting.length })}>
                <WaitingLine rows={waiting} board={board} search={search} onSearch={onSearch} />
              </Card>
            </div>
          </div>
          <div className={styles.pair}>
            <div className={styles.cell}>
              <Card title={t("agents.title", { count: agents.length })}>
                <AgentPanel
                  agents={agents}
                  search={search}
                  onSearch={onSearch}
                  queuesOf={queuesOf}
                  unseen={unseen}
                />
              </Card>
            </div>
            <div className={styles.cell}>
              <Card title={t("conversations.title", { count: conversations.length })}>
                <Conversations rows={conversations} board={board} isOnlyUnseen={isOnlyUnseen} />
              </Card>
            </div>
          </div>
        </div>
      )}
      {search.show === "days" && (
        <Suspense>
          <DayFiguresDrawer
            queue={search.queue}
            from={search.from}
            to={search.to}
            onRange={(range) => onSearch({ ...search, ...range })}
            onClose={closeFigures}
          />
        </Suspense>
      )}
      {search.show === "rests" && seesFigures && (
        <Suspense>
          <RestFiguresDrawer
            from={search.from}
            to={search.to}
            onRange={(range) => onSearch({ ...search, ...range })}
            onClose={closeFigures}
          />
        </Suspense>
      )}
    </Page>
  );
}
