import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { grantableQuery } from "../../roles/model/queries";

/** Rights in the catalogue's words; the code until they are there. */
export function useRightNames(): (right: string) => string {
  const { i18n } = useTranslation();
  const rights = useQuery(grantableQuery).data?.rights ?? [];
  return (code) => {
    const right = rights.find((each) => each.code === code);
    if (!right) return code;
    return i18n.language === "zh" ? right.zh : right.en;
  };
}
