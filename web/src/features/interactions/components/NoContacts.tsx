import { Button } from "antd";
import { PhoneCall, PhoneMissed } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import type { ContactView } from "../model/search";

interface Props {
  isFiltered: boolean;
  view: ContactView | undefined;
  onClear: () => void;
}

/** Why the list is empty, and what comes here. */
export function NoContacts({ isFiltered, view, onClear }: Props) {
  const { t } = useTranslation(["interactions", "ui"]);
  if (isFiltered)
    return (
      <EmptyState
        icon={PhoneCall}
        title={t("ui:list.nothingFound")}
        hint={t("ui:list.nothingFoundHint")}
        action={<Button onClick={onClear}>{t("ui:list.clear")}</Button>}
      />
    );
  if (view)
    return <EmptyState icon={PhoneMissed} title={t("missed.emptyTitle")} hint={t("missed.emptyHint")} />;
  return <EmptyState icon={PhoneCall} title={t("emptyTitle")} hint={t("emptyHint")} />;
}
