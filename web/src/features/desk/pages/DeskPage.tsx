import { useNavigate, useParams } from "@tanstack/react-router";
import { Headset } from "lucide-react";
import { type CSSProperties, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { usePanels } from "@/lib/panels";
import { useShortcutActions } from "@/lib/useHotkeys";
import { offerTo } from "@/live/offers";
import { useLive } from "@/live/store";
import { EmptyState } from "@/ui/EmptyState";
import { Conversation } from "../components/Conversation";
import { prepareContact } from "../components/lazy";
import { WorkList } from "../components/WorkList";
import { useFreshContacts } from "../model/useFreshContacts";
import { neighbour } from "../model/work-list";
import { SidePanels } from "../panels/SidePanels";
import styles from "./DeskPage.module.css";

const AFTER_FIRST_PAINT_MS = 500;

/** The agent's place of work: what there is to do, the contact, the customer. */
export function DeskPage() {
  const { t } = useTranslation("desk");
  const navigate = useNavigate();
  const { interaction } = useParams({ strict: false });
  const mine = useLive((state) => state.mine);
  const current = useLive((state) => state.me?.interaction) ?? undefined;
  const ringing = useLive(({ me, mine }) => mine.find((row) => offerTo(row, me?.id))?.id);
  const isOver = !mine.some(({ id }) => id === interaction);
  // a call that rings takes the place of what is over, never of what is being worked
  const shown = (isOver && ringing) || interaction || current || ringing;
  useFreshContacts(shown);
  const width_px = usePanels((state) => state.width_px);
  useEffect(() => {
    const timer = setTimeout(prepareContact, AFTER_FIRST_PAINT_MS);
    return () => clearTimeout(timer);
  }, []);

  const goTo = (step: 1 | -1) => {
    const next = neighbour(mine, shown, step);
    if (next) void navigate({ to: "/desk/c/$interaction", params: { interaction: next } });
  };
  useShortcutActions({ next: () => goTo(1), previous: () => goTo(-1) });

  return (
    <div className={styles.desk} style={{ "--side-px": `${width_px}px` } as CSSProperties}>
      <aside className={styles.list} aria-label={t("workList.label")}>
        <WorkList shown={shown} />
      </aside>
      <section className={styles.contact} aria-label={t("contact.label")}>
        {shown ? (
          <Conversation key={shown} interaction={shown} />
        ) : (
          <div className={styles.empty}>
            <EmptyState isPage icon={Headset} title={t("contact.emptyTitle")} hint={t("contact.emptyHint")} />
          </div>
        )}
      </section>
      <aside className={styles.customer} aria-label={t("customer.label")}>
        {shown && <SidePanels key={shown} interaction={shown} />}
      </aside>
    </div>
  );
}
