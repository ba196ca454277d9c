import { useTranslation } from "react-i18next";
import { toActionWords } from "./changes";

/** The kinds of thing that entries are about, as the API names them, to filter by. */
export const KINDS = [
  "user",
  "queue",
  "number",
  "trunk",
  "telephone",
  "outboundpolicy",
  "flow",
  "hours",
  "prompt",
  "reason",
  "disposition",
  "tenant",
  "customer",
  "interaction",
  "recording",
  "ban",
  "retention",
  "sign_in_policy",
  "identity_provider",
  "checklist",
  "recommendation",
  "quickreply",
  "absence",
  "api_key",
  "department",
  "team",
  "site",
  "role",
  "field",
  "layout",
  "tag",
  "product",
  "customer_class",
  "customer_policy",
  "view",
  "webhook",
  "inbound",
  "note",
  "follow_up",
  "import",
  "export",
  "export_policy",
  "list_entry",
  "duplicate",
  "care_rule",
  "notice",
  "bulletin",
  "topic",
  "post",
  "connector",
  "screen_address",
  "erasure",
  "privacy_policy",
  "embedding",
  "file_plan",
  "callback",
  "contact_classes",
  "routingpolicy",
  "restpolicy",
  "ruletrial",
  "entryrule",
  "skill_matrix",
] as const;

/** Entries in words. What this page does not know yet is shown as the API names it, never hidden. */
export function useAuditWords() {
  const { t, i18n } = useTranslation("audit");
  const kind = (name: string) => (i18n.exists(`audit:kinds.${name}`) ? t(`kinds.${name as "user"}`) : name);
  const field = (name: string) =>
    i18n.exists(`audit:fields.${name}`) ? t(`fields.${name as "name"}`) : name;
  const action = (name: string) => {
    const whole = name.replace(".", "_");
    if (i18n.exists(`audit:actions.${whole}`)) return t(`actions.${whole as "login"}`);
    const { verb, kind: of } = toActionWords(name);
    if (of === null || !i18n.exists(`audit:verbs.${verb}`)) return name;
    return t(`verbs.${verb as "created"}`, { kind: kind(of) });
  };
  return { kind, field, action };
}
