import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import type { PromptUse } from "../model/prompts";
import styles from "./PromptUses.module.css";

/** Who says a prompt, each with the way to it. */
export function PromptUses({ uses }: { uses: readonly PromptUse[] }) {
  const { t } = useTranslation("flows");
  if (uses.length === 0) return <p className={styles.none}>{t("prompts.unusedHint")}</p>;
  return (
    <ul className={styles.uses}>
      {uses.map((use) => (
        <li key={`${use.kind} ${use.id}`}>
          <StatusTag tone={use.kind === "draft" ? "off" : "talk"}>{t(`prompts.uses.${use.kind}`)}</StatusTag>
          {use.kind === "system" ? (
            <span>{t("prompts.systemHint")}</span>
          ) : (
            <Link to={addressOf(use)}>{use.name}</Link>
          )}
        </li>
      ))}
    </ul>
  );
}

function addressOf({ kind, id }: PromptUse): string {
  return kind === "queue" ? `/admin/queues?open=${id}` : `/admin/flows/${id}`;
}
