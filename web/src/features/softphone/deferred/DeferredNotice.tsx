import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { contactQuery } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { RecordingPlayer } from "@/features/recordings";
import { formatInstant } from "@/lib/time";
import type { InteractionRow } from "@/live/messages";

/** The file of a message is made within seconds of its end. */
const MADE_WITHIN_MS = 2_000;

/** What the caller left behind: the message to listen to, or since when the callback waits. */
export function DeferredNotice({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("deferred");
  const zone = useTimeZone();
  const recording = row.message?.duration_s ? row.message.recording : null;
  const isTaken = row.agent !== null; // nobody may listen before
  const contact = useQuery({
    ...contactQuery(row.id),
    enabled: recording !== null && isTaken,
    refetchInterval: ({ state }) =>
      state.data?.recordings.some((each) => each.id === recording && each.state === "ready")
        ? false
        : MADE_WITHIN_MS,
  });
  const made = contact.data?.recordings.find((each) => each.id === recording);
  if (row.callback)
    return (
      <Alert
        type="info"
        showIcon
        title={t("callbackTitle", { since: formatInstant(row.callback.place_at, zone) })}
        description={row.callback.attempts > 0 ? t("attempts", { count: row.callback.attempts }) : undefined}
      />
    );
  if (!recording) return null;
  return (
    <div>
      <h2 className="visually-hidden">{t("message")}</h2>
      <RecordingPlayer
        id={recording}
        state={(isTaken && made?.state) || "processing"}
        duration_s={row.message?.duration_s ?? null}
        label={t("message")}
      />
    </div>
  );
}
