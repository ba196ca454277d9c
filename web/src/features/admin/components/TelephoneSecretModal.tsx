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
  const ports =
    telephone.tls_port === null
      ? [{ label: t("handOver.port"), value: t("handOver.plainPort", { port: telephone.port }) }]
      : [
          { label: t("handOver.port"), value: t("handOver.tlsPort", { port: telephone.tls_port }) },
          { label: t("handOver.otherPort"), value: t("handOver.plainPort", { port: telephone.port }) },
        ];
  return (
    <HandOver
      title={t("handOver.telephone", { account: telephone.account })}
      hint={t("handOver.telephoneHint")}
      lines={[
        { label: t("handOver.server"), value: telephone.server || location.hostname },
        ...ports,
        { label: t("handOver.user"), value: telephone.account },
        { label: t("password.password"), value: telephone.secret },
      ]}
      onClose={onClose}
    />
  );
}
