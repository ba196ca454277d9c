import { Button } from "antd";
import type { LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import type { IvrSearch } from "../model/search";

interface Props {
  search: IvrSearch;
  icon: LucideIcon;
  of: "nodes" | "hours" | "failures";
  onChange: (changes: IvrSearch) => void;
}

/** Nothing is there, or nothing fits what was asked: and what to do about it. */
export function NothingYet({ search, icon, of, onChange }: Props) {
  const { t } = useTranslation(["ivr", "ui"]);
  const isFiltered = Boolean(
    search.search || search.flow || search.from || search.to || search.what || search.service,
  );
  if (!isFiltered) return <EmptyState icon={icon} title={t(`empty.${of}`)} hint={t(`empty.${of}Hint`)} />;
  const cleared = {
    search: undefined,
    flow: undefined,
    from: undefined,
    to: undefined,
    what: undefined,
    service: undefined,
  };
  return (
    <EmptyState
      icon={icon}
      title={t("ui:list.nothingFound")}
      hint={t("ui:list.nothingFoundHint")}
      action={<Button onClick={() => onChange(cleared)}>{t("ui:list.clear")}</Button>}
    />
  );
}
