import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { useLive } from "@/live/store";
import { Choice } from "@/ui/Choice";
import { EmptyState } from "@/ui/EmptyState";
import { missedQuery, recentQuery } from "../model/queries";
import { inOrder } from "../model/work-list";
import { LiveItem, RecentItem } from "./ContactItem";
import styles from "./WorkList.module.css";

const MissedList = lazy(async () => ({ default: (await import("./MissedList")).MissedList }));
const QueueList = lazy(async () => ({ default: (await import("./QueueList")).QueueList }));

type Tab = "mine" | "waiting" | "missed";

export function WorkList({ shown }: { shown: string | undefined }) {
  const { t } = useTranslation("desk");
  const [tab, setTab] = useState<Tab>("mine");
  const mine = useLive((state) => state.mine);
  const waiting = useLive((state) =>
    state.queues.reduce((sum, queue) => sum + queue.waiting, state.parked.length),
  );
  const missed = useQuery(missedQuery).data?.total;
  const counts: Record<Tab, number | undefined> = { mine: mine.length, waiting, missed };
  return (
    <>
      <div className={styles.tabs}>
        <Choice<Tab>
          value={tab}
          onChange={setTab}
          label={t("workList.label")}
          options={(["mine", "waiting", "missed"] as const).map((value) => ({
            value,
            label: `${t(`workList.${value}`)} ${counts[value] ?? ""}`.trim(),
          }))}
        />
      </div>
      {tab === "mine" && <MyContacts shown={shown} />}
      <Suspense fallback={null}>
        {tab === "waiting" && <QueueList />}
        {tab === "missed" && <MissedList />}
      </Suspense>
    </>
  );
}

function MyContacts({ shown }: { shown: string | undefined }) {
  const { t } = useTranslation("desk");
  const mine = useLive((state) => state.mine);
  const agent = useUser()?.agent?.id;
  const live = new Set(mine.map((row) => row.id));
  const recent = (useQuery(recentQuery(agent)).data?.items ?? []).filter((contact) => !live.has(contact.id));
  return (
    <>
      <ul>
        {inOrder(mine).map((row) => (
          <li key={row.id}>
            <LiveItem row={row} isShown={row.id === shown} />
          </li>
        ))}
      </ul>
      {mine.length === 0 && recent.length === 0 && (
        <EmptyState icon={Inbox} title={t("workList.emptyTitle")} hint={t("workList.emptyHint")} />
      )}
      {recent.length > 0 && (
        <>
          <h2 className={styles.heading}>{t("workList.recent")}</h2>
          <ul>
            {recent.map((contact) => (
              <li key={contact.id}>
                <RecentItem contact={contact} isShown={contact.id === shown} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
