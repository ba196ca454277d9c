import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { dayOf } from "@/lib/days";
import { useServerNow } from "@/live/useServerNow";
import type { Entry } from "../model/queries";
import { ChangeEntry } from "./ChangeEntry";
import { ContactEntry } from "./ContactEntry";
import styles from "./DaySection.module.css";
import { FollowUpEntry } from "./FollowUpEntry";
import { NoteEntry } from "./NoteEntry";

/** What stands under one day. */
export function DaySection({
  day,
  entries,
  open,
}: {
  day: string;
  entries: readonly Entry[];
  open: string | undefined;
}) {
  const { t } = useTranslation("timeline");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const names = { [dayOf(now_ms, zone)]: t("today"), [dayOf(now_ms, zone, -1)]: t("yesterday") };
  return (
    <section>
      <h3 className={styles.day}>
        <time dateTime={day}>{names[day] ? `${names[day]} · ${day}` : day}</time>
      </h3>
      <ol>
        {entries.map((entry) => (
          <li
            key={`${entry.kind}-${entry.id}`}
            className={styles.entry}
            data-kind={entry.kind}
            data-open={entry.id === open}
          >
            <One entry={entry} isOpen={entry.id === open} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function One({ entry, isOpen }: { entry: Entry; isOpen: boolean }) {
  if (entry.contact) return <ContactEntry contact={entry.contact} isOpen={isOpen} />;
  if (entry.note) return <NoteEntry note={entry.note} />;
  if (entry.follow_up) return <FollowUpEntry followUp={entry.follow_up} at={entry.at} />;
  if (entry.change) return <ChangeEntry change={entry.change} />;
  return null;
}
