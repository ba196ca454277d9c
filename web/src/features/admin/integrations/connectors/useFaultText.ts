import { useTranslation } from "react-i18next";

/** Why another system did not do it, in words; the code where there are none. */
export function useFaultText(): (fault: string) => string {
  const { t } = useTranslation("integrations");
  return (fault) =>
    t(`connectors.faults.${fault as "busy"}`, {
      defaultValue: t(`errors.${fault as "late"}`, { defaultValue: fault }),
    });
}
