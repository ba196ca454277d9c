import { useTranslation } from "react-i18next";
import { CopyButton } from "../components/CopyButton";
import type { Provider } from "./queries";
import styles from "./SignIn.module.css";

/** What the provider must be told of us. */
export function OwnAddresses({ provider }: { provider: Provider }) {
  const { t } = useTranslation("sign-in");
  const lines =
    provider.kind === "oidc"
      ? [{ label: t("own.redirect"), value: provider.redirect }]
      : [
          { label: t("own.consumer"), value: provider.consumer },
          { label: t("own.entity"), value: provider.entity_id },
        ];
  return (
    <section className={styles.own} aria-label={t("own.title")}>
      <h3>{t("own.title")}</h3>
      <dl>
        {lines.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className={styles.address}>
              <code>{value}</code>
              <CopyButton text={value} name={label} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
