import type { Schema } from "@/api/client";
import type { Provider } from "./queries";

type Patch = Schema<"ProviderPatchIn">;

/** The form's own shape: certificates are one text, nothing is null. */
export interface Values {
  name: string;
  origin: string;
  is_enabled: boolean;
  issuer: string;
  client_id?: string;
  client_secret?: string;
  scopes?: string;
  login_url?: string;
  certificates?: string;
  user_claim: string;
  name_claim: string;
  group_claim: string;
  mail_domains: string[];
  links_existing: boolean;
  does_create: boolean;
  default_role: string;
  default_team?: number | undefined;
  follows_groups: boolean;
  group_roles: { group: string; role: string; team?: number | null }[];
}

export function toValues(kind: "oidc" | "saml", provider: Provider | undefined): Partial<Values> {
  if (!provider) {
    const claims =
      kind === "oidc"
        ? { user_claim: "preferred_username", name_claim: "name", scopes: "openid profile email" }
        : { user_claim: "", name_claim: "" };
    return {
      ...claims,
      origin: location.origin,
      is_enabled: true,
      group_claim: "",
      mail_domains: [],
      links_existing: false,
      does_create: false,
      default_role: "agent",
      follows_groups: false,
      group_roles: [],
    };
  }
  const { default_team, certificates, group_roles } = provider;
  return {
    ...provider,
    default_team: default_team ?? undefined,
    certificates: certificates.join("\n\n"),
    group_roles: group_roles.map(({ group, role, team }) => ({ group, role, team: team ?? null })),
  };
}

/** Several certificates stand one below the other, as PEM or with an empty line between. */
export function splitCertificates(text: string): string[] {
  return text
    .split(/-----END CERTIFICATE-----|\n\s*\n/)
    .map((part) => part.replace(/-----BEGIN CERTIFICATE-----/, "").replace(/\s+/g, ""))
    .filter((part) => part !== "");
}

export function toBody(values: Values): Patch {
  const { certificates, client_secret, default_team, group_roles, ...plain } = values;
  return {
    ...plain,
    default_team: default_team ?? null,
    group_roles: group_roles.map(({ group, role, team }) => ({ group, role, team: team ?? null })),
    ...(client_secret && { client_secret }),
    ...(certificates !== undefined && { certificates: splitCertificates(certificates) }),
  };
}
