import { useTranslation } from "react-i18next";
import type { TelephoneSecret } from "../model/api";
import { HandOver } from "./HandOver";

/** What to enter in a SIP telephone. The server does not show the password again. */
export function TelephoneSecretModal({
  telephone,
  onClose,
}: {
  telephone: TelephoneSecret;
  onClose: () => void;
}) {
  const { t } = useTranslation("admin");
  return (
    <HandOver
      title={t("handOver.telephone", { account: telephone.account })}
      hint={t("handOver.telephoneHint")}
      lines={[
        { label: t("handOver.server"), value: location.hostname },
        { label: t("handOver.port"), value: "5060" },
        { label: t("handOver.transport"), value: "UDP / TCP" },
        { label: t("handOver.user"), value: telephone.account },
        { label: t("password.password"), value: telephone.secret },
      ]}
      onClose={onClose}
    />
  );
}
