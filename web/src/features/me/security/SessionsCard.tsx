import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { SessionList } from "@/ui/sessions/SessionList";
import { ownSessionsQuery } from "./queries";
import styles from "./Security.module.css";

/** Where one is logged in, and logging out there. */
export function SessionsCard() {
  const { t } = useTranslation("me");
  const { message } = App.useApp();
  const sessions = useQuery(ownSessionsQuery);
  const act = async (ending: Promise<unknown>) => {
    try {
      await ending;
      message.success(t("security.ended"));
    } catch (error) {
      message.error(problemText(error));
    }
    await sessions.refetch();
  };
  const others = (sessions.data ?? []).filter(({ is_this }) => !is_this);
  return (
    <Card
      title={t("security.sessions")}
      actions={
        others.length > 0 && (
          <Button onClick={() => void act(bodyOf(api.POST("/api/me/sessions/end-others")))}>
            {t("security.endOthers")}
          </Button>
        )
      }
    >
      <p className={styles.hint}>{t("security.sessionsHint")}</p>
      {sessions.isError && <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />}
      <SessionList
        sessions={sessions.data}
        onEnd={({ id }) =>
          act(
            api.DELETE("/api/me/sessions/{login_session_id}", { params: { path: { login_session_id: id } } }),
          )
        }
      />
    </Card>
  );
}
