import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { ChevronLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { RecordingPlayer } from "@/features/recordings";
import { ContactAnswers } from "@/features/surveys";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { ContactFacts } from "../components/ContactFacts";
import { ContactHead } from "../components/ContactHead";
import { History } from "../components/History";
import { Segments } from "../components/Segments";
import { Waits } from "../components/Waits";
import { WrapUps } from "../components/WrapUps";
import { contactDetailQuery } from "../model/queries";
import styles from "./ContactPage.module.css";

/** One contact, whole: how it sounded, what happened and why, what was written down. */
export function ContactPage() {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  const { interaction } = useParams({ from: "/shell/interactions/$interaction" });
  const { data, error, refetch, isPending } = useQuery(contactDetailQuery(interaction));
  return (
    <Page>
      <Link to="/interactions" className={styles.back}>
        <ChevronLeft size={16} aria-hidden />
        {t("title")}
      </Link>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && (
        <Card>
          <Skeleton active />
        </Card>
      )}
      {data && (
        <>
          <ContactHead contact={data} />
          <div className={styles.columns}>
            <div className={styles.main}>
              {data.recordings.length > 0 && (
                <Card title={t("recordings")}>
                  {data.recordings.map((recording) => (
                    <div key={recording.id} className={styles.recording}>
                      <RecordingPlayer
                        id={recording.id}
                        state={recording.state}
                        duration_s={recording.duration_s}
                        label={t("recordingOf", { time: formatInstant(recording.started_at, zone) })}
                      />
                    </div>
                  ))}
                </Card>
              )}
              <Segments segments={data.segments} startedAt={data.started_at} endedAt={data.ended_at} />
              <Waits interaction={interaction} isLive={data.ended_at === null} />
              <Card title={t("history.title")}>
                <History interaction={interaction} isLive={data.ended_at === null} />
              </Card>
            </div>
            <div className={styles.side}>
              <ContactFacts contact={data} />
              <ContactAnswers interaction={interaction} />
              <WrapUps wrapUps={data.wrap_ups} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}
