import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { noticeOf } from "@/features/softphone";
import { formatNumber } from "@/lib/numbers";
import { useLive } from "@/live/store";
import { ReplyContext } from "@/ui/quick-replies/values";
import { StatusTag } from "@/ui/StatusTag";
import { TabStrip } from "@/ui/TabStrip";
import { useContactCustomer } from "../model/useContactCustomer";
import styles from "./Conversation.module.css";
import { ContactDetails, DeferredNotice, HandoverNotice, OtherScreen, Timeline, WrapUpPanel } from "./lazy";

/** One contact: what was before, what it is, and what the agent writes about it, all in sight at once. */
export function Conversation({ interaction }: { interaction: string }) {
  const { t } = useTranslation(["desk", "api", "softphone"]);
  const row = useLive((state) => state.mine.find((each) => each.id === interaction));
  const hasNotice = useLive(({ me }) => row !== undefined && noticeOf(row, me?.id) !== null);
  const isTalking = useLive(({ me }) => me?.interaction === interaction && me.state === "talking");
  const pop = useQuery(popQuery(interaction)).data;
  const customer = useContactCustomer(interaction);
  const match = pop?.matches.find((each) => each.customer.id === customer?.id);
  const number = formatNumber(pop?.masked ?? row?.customer_number ?? "") || t("softphone:call.hiddenNumber");
  return (
    <div className={styles.conversation}>
      <header className={styles.head}>
        <h1 className={styles.title}>{customer?.name ?? number}</h1>
        {customer && customer.level !== "ordinary" && (
          <StatusTag tone="acw">{t(`api:level.${customer.level}`)}</StatusTag>
        )}
        {match && match.times_called > 1 && (
          <StatusTag tone="off">{t("contact.times", { count: match.times_called })}</StatusTag>
        )}
        {row?.transfer_to && <StatusTag tone="break">{t("contact.transferred")}</StatusTag>}
        <span className={styles.aside}>
          <Suspense fallback={null}>
            <OtherScreen interaction={interaction} customer={customer?.id} isAnswered={isTalking} />
          </Suspense>
        </span>
      </header>
      {row?.medium && row.medium !== "voice" && (
        <Suspense fallback={null}>
          <DeferredNotice row={row} />
        </Suspense>
      )}
      {row && hasNotice && (
        <Suspense fallback={null}>
          <HandoverNotice row={row} />
        </Suspense>
      )}
      <TabStrip
        label={t("contact.label")}
        tabs={[
          {
            key: "timeline",
            label: t("contact.timeline"),
            content: (
              <Suspense fallback={null}>
                <Timeline interaction={interaction} customer={customer?.id} />
              </Suspense>
            ),
          },
          {
            key: "details",
            label: t("contact.details"),
            content: (
              <Suspense fallback={null}>
                <ContactDetails interaction={interaction} />
              </Suspense>
            ),
          },
        ]}
      />
      <ReplyContext
        value={{ customer: customer?.name, company: customer?.company, number, queue: pop?.queue ?? "" }}
      >
        <Suspense fallback={null}>
          <WrapUpPanel interaction={interaction} />
        </Suspense>
      </ReplyContext>
    </div>
  );
}
