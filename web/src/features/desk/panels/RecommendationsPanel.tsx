import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Skeleton } from "antd";
import { Gift } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import { TextInput } from "@/ui/TextInput";
import { useContactCustomer } from "../model/useContactCustomer";
import styles from "./Panels.module.css";
import { answerRecommendation, type Offered, recommendationsQuery } from "./queries";

/** What to offer this customer, and what the customer said. */
export function RecommendationsPanel({ interaction }: { interaction: string }) {
  const { t } = useTranslation("panels");
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const customer = useContactCustomer(interaction)?.id;
  const query = recommendationsQuery(interaction, customer);
  const { data, error, refetch } = useQuery(query);
  useTellShown(interaction, data);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (customer === undefined)
    return <EmptyState icon={Gift} title={t("recommend.nobody")} hint={t("recommend.nobodyHint")} />;
  if (!data) return <Skeleton active title={false} />;
  if (data.length === 0)
    return <EmptyState icon={Gift} title={t("recommend.empty")} hint={t("recommend.emptyHint")} />;
  const answer = async (id: number, outcome: "accepted" | "declined", reason: string) => {
    try {
      queryClient.setQueryData(
        query.queryKey,
        await answerRecommendation(interaction, id, { outcome, reason }),
      );
    } catch (problem) {
      message.error(problemText(problem));
    }
  };
  return (
    <ul className={styles.cards}>
      {data.map((each) => (
        <li key={each.id}>
          <Card offered={each} onAnswer={(outcome, reason) => void answer(each.id, outcome, reason)} />
        </li>
      ))}
    </ul>
  );
}

/** What stands on the screen counts as shown, once a contact. Losing that count harms nobody. */
function useTellShown(interaction: string, offered: readonly Offered[] | undefined): void {
  const told = useRef(new Set<number>());
  useEffect(() => {
    for (const { id, outcome } of offered ?? []) {
      if (outcome !== "" || told.current.has(id)) continue;
      told.current.add(id);
      answerRecommendation(interaction, id, { outcome: "shown", reason: "" }).catch(() => undefined);
    }
  }, [interaction, offered]);
}

interface CardProps {
  offered: Offered;
  onAnswer: (outcome: "accepted" | "declined", reason: string) => void;
}

function Card({ offered, onAnswer }: CardProps) {
  const { t } = useTranslation("panels");
  const field = useId();
  const [reason, setReason] = useState(offered.reason);
  const [isDeclining, setDeclining] = useState(false);
  const { name, words, ends_on, outcome } = offered;
  const isAnswered = outcome === "accepted" || outcome === "declined";
  return (
    <section className={styles.card} aria-label={name}>
      <h3 className={styles.heading}>
        {name}
        {isAnswered && (
          <StatusTag tone={outcome === "accepted" ? "ready" : "off"}>{t(`recommend.${outcome}`)}</StatusTag>
        )}
      </h3>
      {words && <p className={styles.words}>{words}</p>}
      {ends_on && <p className={styles.minor}>{t("recommend.until", { day: ends_on })}</p>}
      {isAnswered && offered.reason && <p className={styles.minor}>{offered.reason}</p>}
      {isDeclining && (
        <>
          <label htmlFor={field} className={styles.minor}>
            {t("recommend.reason")}
          </label>
          <TextInput
            id={field}
            value={reason}
            maxLength={200}
            autoFocus
            onChange={(event) => setReason(event.target.value)}
          />
        </>
      )}
      <div className={styles.actions}>
        <Button
          size="small"
          type={isDeclining ? "default" : "primary"}
          disabled={outcome === "accepted"}
          onClick={() => {
            setDeclining(false);
            onAnswer("accepted", "");
          }}
        >
          {t("recommend.accept")}
        </Button>
        <Button
          size="small"
          disabled={outcome === "declined" && !isDeclining}
          onClick={() => {
            if (isDeclining) onAnswer("declined", reason.trim());
            setDeclining(!isDeclining);
          }}
        >
          {isDeclining ? t("recommend.saveDeclined") : t("recommend.decline")}
        </Button>
      </div>
    </section>
  );
}
