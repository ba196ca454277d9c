import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/ui/Page";
import { answersOfQuery } from "../model/queries";
import { ScoreTag } from "./ScoreTag";

/** How the customer judged this contact; nothing where it was not asked. */
export function ContactAnswers({ interaction }: { interaction: string }) {
  const { t } = useTranslation("surveys");
  const { data } = useQuery(answersOfQuery(interaction));
  if (!data?.items.length) return null;
  return (
    <Card title={t("title")}>
      {data.items.map((answer) => (
        <p key={answer.id}>
          {answer.question} <ScoreTag score={answer.score} most={answer.most} />
        </p>
      ))}
    </Card>
  );
}
