import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Spin } from "antd";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { hasRight, sessionQuery } from "@/api/session";
import { connectLive, useLive } from "@/live/store";
import { ErrorNotice } from "@/ui/ErrorNotice";
import styles from "../components/Embedding.module.css";
import { Telephone } from "../components/Telephone";
import { useHost } from "../model/useHost";

/** Needs Ant Design's forms, a sixth of the page; whoever is logged in already does not wait for them. */
const SignIn = lazy(async () => ({ default: (await import("../components/SignIn")).SignIn }));

/** An origin that is taken off the list is not heard for longer. */
const LIST_EVERY_MS = 60_000;

interface Props {
  company: string;
  /** Its cookies are of the surrounding site alone. */
  isOfAnotherSite: boolean;
}

/** The telephone in another system's page: logs its agent in, works, and speaks with the page around it. */
export function EmbeddedTelephone({ company, isOfAnotherSite }: Props) {
  const { t } = useTranslation("embedding");
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const session = useQuery(sessionQuery);
  const embedding = useQuery({
    queryKey: ["settings", "embedding", company],
    queryFn: () => bodyOf(api.GET("/api/embedding/{company}", { params: { path: { company } } })),
    refetchInterval: LIST_EVERY_MS,
  });
  const user = session.data?.user ?? null;
  const isOurs = session.data?.company?.code === company;
  const agent = user && isOurs && hasRight(user, "desk") ? user.agent : null;
  const agentId = agent?.id;
  useEffect(() => (agentId === undefined ? undefined : connectLive()), [agentId]);
  useHost({
    origins: embedding.data?.origins,
    needsLogin: session.data !== undefined && user === null,
    isLoggedIn: agent != null,
  });
  const isLoginOver = useLive((state) => state.isLoginOver);
  useEffect(() => {
    if (isLoginOver) void queryClient.resetQueries({ queryKey: sessionQuery.queryKey });
  }, [isLoginOver, queryClient]);
  usePreferences(user?.id);

  const logOut = async () => {
    try {
      await api.DELETE("/api/session");
      await queryClient.resetQueries();
    } catch (error) {
      message.error(problemText(error));
    }
  };
  if (session.isError)
    return (
      <main className={styles.login}>
        <h1 className={styles.title}>{t("title")}</h1>
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  if (!session.data) return <Loading />;
  if (user === null)
    return (
      <Suspense fallback={<Loading />}>
        <SignIn company={company} session={session.data} isOfAnotherSite={isOfAnotherSite} />
      </Suspense>
    );
  if (!agent)
    return (
      <main className={styles.login}>
        <h1 className={styles.title}>{t("title")}</h1>
        <p role="alert">
          {isOurs ? t("noDesk") : t("otherCompany", { company: session.data.company?.name ?? "" })}
        </p>
        <Button onClick={() => void logOut()}>{t("logOut")}</Button>
      </main>
    );
  return <Telephone user={user} agent={agent} onLogOut={() => void logOut()} />;
}

function Loading() {
  const { t } = useTranslation("embedding");
  return (
    <main className={styles.login}>
      <h1 className={styles.title}>{t("title")}</h1>
      <Spin aria-label={t("loading")} />
    </main>
  );
}

/** How calls ring, as the user has set it; the telephone works before that is known. */
function usePreferences(user: number | undefined): void {
  useEffect(() => {
    if (user === undefined) return;
    void import("@/api/desk-preferences").then(({ loadPreferences }) =>
      loadPreferences(user).catch(() => undefined),
    );
  }, [user]);
}
