import { useTranslation } from "react-i18next";
import type { Notification } from "./queries";

/** Say a notification in the reader's language. A code that this page does not know yet is told without detail. */
export function useSentence() {
  const { t, i18n } = useTranslation("notifications");
  return ({ code, facts }: Pick<Notification, "code" | "facts">): string => {
    const say = t as unknown as (key: string, facts: Record<string, unknown>) => string;
    return i18n.exists(`notifications:codes.${code}`) ? say(`codes.${code}`, facts) : t("codes.unknown");
  };
}
