import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { formatDuration } from "@/lib/time";
import type { OfferReason } from "../model/history";
import { useHistoryWords } from "../model/useHistoryWords";

/** Which contacts waited on when this one was taken, and whom other rules between contacts would have had served. */
export function OtherContacts({ why, contact }: { why: OfferReason; contact: string }) {
  const { t } = useTranslation("interactions");
  const { ruleBetweenContacts } = useHistoryWords();
  if (!why.passed) return null;
  const others = (why.what_if_contacts ?? []).filter((other) => other.contact !== contact);
  const named = [...new Set(others.map((other) => other.contact))];
  return (
    <>
      <li>
        {t("history.why.passed", { count: why.passed })}{" "}
        {(why.passed_next ?? []).map((passed, index) => (
          <span key={passed.contact}>
            {index > 0 && t("history.why.comma")}
            <ContactLink contact={passed.contact}>
              {t(why.contact_rule === "priority" ? "history.why.passedOne" : "history.why.passedPlain", {
                time: formatDuration(passed.waited_s),
                points: Math.round(passed.points * 10) / 10,
              })}
            </ContactLink>
          </span>
        ))}
      </li>
      {named.map((other) => (
        <li key={other}>
          {t("history.why.otherContact", {
            rules: others
              .filter((one) => one.contact === other)
              .map((one) => ruleBetweenContacts(one.rule))
              .join(t("history.why.comma")),
          })}{" "}
          <ContactLink contact={other}>{t("history.why.otherContactLink")}</ContactLink>
        </li>
      ))}
      {named.length === 0 && <li>{t("history.why.sameContact")}</li>}
    </>
  );
}

interface ShadowProps {
  answer: Schema<"ShadowAnswerOut">;
  contact: string;
  agent: number | null | undefined;
}

/** What a draft of the rules, asked in shadow, would have done. */
export function ShadowAnswer({ answer, contact, agent }: ShadowProps) {
  const { t } = useTranslation("interactions");
  if (answer.contact && answer.contact !== contact)
    return (
      <li>
        {t("history.why.shadow.contact")}{" "}
        <ContactLink contact={answer.contact}>{t("history.why.otherContactLink")}</ContactLink>
      </li>
    );
  if (answer.agent === null || answer.contact === null)
    return (
      <li>
        {answer.later_s === null
          ? t("history.why.shadow.never")
          : t("history.why.shadow.nobody", { time: formatDuration(answer.later_s) })}
      </li>
    );
  const lines = [
    ...(answer.agent === agent ? [] : [t("history.why.shadow.agent", { agent: answer.agent_name })]),
    ...(answer.sooner_s > 0
      ? [t("history.why.shadow.sooner", { time: formatDuration(answer.sooner_s) })]
      : []),
  ];
  return (lines.length ? lines : [t("history.why.shadow.same")]).map((line) => <li key={line}>{line}</li>);
}

function ContactLink({ contact, children }: { contact: string; children: string }) {
  return (
    <Link to="/interactions/$interaction" params={{ interaction: contact }}>
      {children}
    </Link>
  );
}
