import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { allQueues } from "../model/queries";
import { contactClassesQuery } from "../routing/resources";
import type { QueueDraft, RuleTrial } from "./api";
import { fieldsOf, type QueueField } from "./form";
import styles from "./RuleTrials.module.css";

/** What the draft changes, in words. */
export function TrialChanges({ trial }: { trial: RuleTrial }) {
  const { t, i18n } = useTranslation(["rule-trials", "routing"]);
  const queues = useQuery(allQueues).data ?? [];
  const classes = useQuery(contactClassesQuery).data?.classes ?? [];
  const queueName = (id: number) => {
    const found = queues.find((one) => one.id === id);
    return found ? localName(found, i18n.language) : String(id);
  };
  const said = (draft: QueueDraft, field: QueueField): string => {
    switch (field) {
      case "agent_choice":
        return t(`routing:agentChoices.${draft.agent_choice ?? "longest_idle"}`);
      case "rings":
        return draft.rings?.length
          ? draft.rings
              .map((ring) => {
                const parts = [
                  ...(ring.lower_by ? [t("ring.lower", { by: ring.lower_by })] : []),
                  ...(ring.drop?.length ? [t("ring.drop", { skills: ring.drop.join(" ") })] : []),
                  ...(ring.add_queues ?? []).map((id) => t("ring.add", { queue: queueName(id) })),
                ];
                return t("ring.after", { seconds: ring.after_s, what: parts.join(t("comma")) });
              })
              .join(t("semicolon"))
          : t("ring.none");
      case "weight":
        return String(draft.weight);
      case "preference":
        return `${t(`routing:preferences.${draft.preference?.who ?? "nobody"}`)} · ${draft.preference?.wait_s ?? 0} ${t("routing:seconds")}`;
      case "memberships":
        return t("memberships", { count: draft.memberships?.length ?? 0 });
    }
  };
  const { changes } = trial;
  const lines = [
    ...(changes.queues ?? []).flatMap((draft) =>
      fieldsOf(draft).map((field) =>
        t("changeOf", { of: queueName(draft.id), field: t(`field.${field}`), value: said(draft, field) }),
      ),
    ),
    ...(changes.classes ?? []).map((draft) => {
      const found = classes.find((one) => one.code === draft.code);
      const parts = [
        ...(typeof draft.points === "number" ? [t("classPoints", { count: draft.points })] : []),
        ...(typeof draft.per_minute === "number" ? [t("classPerMinute", { points: draft.per_minute })] : []),
        ...(typeof draft.at_most === "number" ? [t("classAtMost", { points: draft.at_most })] : []),
      ];
      return t("changeOfClass", {
        what: parts.join(t("comma")),
        name: found
          ? localName({ name: found.name, name_en: found.name_en ?? "" }, i18n.language)
          : draft.code,
      });
    }),
    ...(changes.contact_choice
      ? [`${t("routing:rules.contactChoice")}: ${t(`routing:rules.choices.${changes.contact_choice}`)}`]
      : []),
  ];
  if (lines.length === 0) return <p className={styles.hint}>{t("changesNone")}</p>;
  return (
    <ul className={styles.changes}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
