import { useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { Fingerprint, PlugZap, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { StatusTag } from "@/ui/StatusTag";
import { RecordLink } from "../components/RecordLink";
import { RowActions } from "../components/RowActions";
import { useSettingsChanged } from "../model/queries";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { type Provider, providersQuery, removeProvider, tryProvider } from "./queries";
import styles from "./SignIn.module.css";

const ProviderDrawer = lazy(async () => ({ default: (await import("./ProviderDrawer")).ProviderDrawer }));

/** The company's identity providers: what people can log in by beside the password. */
export function ProvidersCard() {
  const { t } = useTranslation("sign-in");
  const { search, open } = useSettingsSearch();
  const providers = useQuery(providersQuery);
  const opened = providers.data?.find(({ id }) => String(id) === search.open);
  const kind = search.open === "new-oidc" ? "oidc" : search.open === "new-saml" ? "saml" : opened?.kind;
  const add = (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "oidc", label: t("kinds.oidc"), onClick: () => open("new-oidc") },
          { key: "saml", label: t("kinds.saml"), onClick: () => open("new-saml") },
        ],
      }}
    >
      <Button type={providers.data?.length ? "default" : "primary"} icon={<Plus size={16} />}>
        {t("provider.add")}
      </Button>
    </Dropdown>
  );
  return (
    <Card title={t("provider.title")} actions={Boolean(providers.data?.length) && add}>
      {providers.isError && <ErrorNotice error={providers.error} onRetry={() => void providers.refetch()} />}
      {providers.data?.length === 0 && (
        <EmptyState
          icon={Fingerprint}
          title={t("provider.empty")}
          hint={t("provider.emptyHint")}
          action={add}
        />
      )}
      <ul>
        {providers.data?.map((provider) => (
          <ProviderRow key={provider.id} provider={provider} onEdit={() => open(provider.id)} />
        ))}
      </ul>
      <Suspense>
        {kind && (
          <ProviderDrawer
            key={search.open}
            kind={kind}
            provider={opened}
            onMade={({ id }) => open(id)}
            onClose={() => open(null)}
          />
        )}
      </Suspense>
    </Card>
  );
}

function ProviderRow({ provider, onEdit }: { provider: Provider; onEdit: () => void }) {
  const { t } = useTranslation("sign-in");
  const { message, modal } = App.useApp();
  const changed = useSettingsChanged();
  const { name } = provider;
  const attempt = async () => {
    try {
      const addresses = await tryProvider(provider.id);
      modal.success({
        title: t("provider.works", { name }),
        content: addresses.map((address) => (
          <p key={address} className={styles.address}>
            {address}
          </p>
        )),
      });
    } catch (error) {
      message.error(problemText(error));
    }
  };
  return (
    <li className={styles.row}>
      <RecordLink id={provider.id}>{name}</RecordLink>
      <span className={styles.hint}>{t(`kinds.${provider.kind}`)}</span>
      <StatusTag tone={provider.is_enabled ? "ready" : "off"} hasDot>
        {t(provider.is_enabled ? "provider.on" : "provider.off")}
      </StatusTag>
      <span className={styles.last}>
        <Button
          type="text"
          size="small"
          icon={<PlugZap size={16} />}
          aria-label={t("provider.tryNamed", { name })}
          title={t("provider.try")}
          onClick={() => void attempt()}
        />
        <RowActions
          name={name}
          hint={t("provider.removeHint")}
          onEdit={onEdit}
          onRemove={async () => {
            await removeProvider(provider.id);
            await changed();
          }}
        />
      </span>
    </li>
  );
}
