import { useQuery } from "@tanstack/react-query";
import { App, Button, Modal, Popconfirm, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import { SessionList } from "@/ui/sessions/SessionList";
import { endUserSession, endUserSessions, resetSecondFactor, userSignInQuery } from "./queries";
import styles from "./SignIn.module.css";

interface Props {
  user: { id: number; name: string };
  onClose: () => void;
}

/** How a user signs in, and where: taking a lost second factor away, logging out what should not be in. */
export function UserSignInModal({ user, onClose }: Props) {
  const { t } = useTranslation("sign-in");
  const zone = useTimeZone();
  const { message } = App.useApp();
  const found = useQuery(userSignInQuery(user.id));
  const act = async (acting: Promise<void>, done: string) => {
    try {
      await acting;
      message.success(done);
    } catch (error) {
      message.error(problemText(error));
    }
    await found.refetch();
  };
  const since = found.data?.second_factor.since ?? null;
  return (
    <Modal open title={t("user.title", { name: user.name })} footer={null} width={640} onCancel={onClose}>
      {found.isPending && <Skeleton active />}
      {found.isError && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <>
          <section className={styles.section} aria-label={t("user.factor")}>
            <header className={styles.head}>
              <h3>{t("user.factor")}</h3>
              <StatusTag tone={since ? "ready" : "off"} hasDot>
                {t(since ? "user.on" : "user.off")}
              </StatusTag>
              {since && (
                <Popconfirm
                  title={t("user.resetSure")}
                  description={<div className={styles.sure}>{t("user.resetHint")}</div>}
                  okText={t("user.reset")}
                  cancelText={t("cancel")}
                  onConfirm={() => act(resetSecondFactor(user.id), t("user.wasReset"))}
                >
                  <Button danger>{t("user.reset")}</Button>
                </Popconfirm>
              )}
            </header>
            <p className={styles.hint}>
              {since
                ? t("user.since", {
                    at: formatInstant(since, zone),
                    left: found.data.second_factor.recovery_codes_left,
                  })
                : t(found.data.second_factor.is_required ? "user.required" : "user.none")}
            </p>
          </section>
          <section className={styles.section} aria-label={t("user.sessions")}>
            <header className={styles.head}>
              <h3>{t("user.sessions")}</h3>
              {found.data.sessions.length > 1 && (
                <Button onClick={() => void act(endUserSessions(user.id), t("user.ended"))}>
                  {t("user.endAll")}
                </Button>
              )}
            </header>
            <SessionList
              sessions={found.data.sessions}
              onEnd={({ id }) => void act(endUserSession(user.id, id), t("user.ended"))}
            />
          </section>
        </>
      )}
    </Modal>
  );
}
