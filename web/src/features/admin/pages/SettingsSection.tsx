import { notFound, useParams } from "@tanstack/react-router";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";

type Page = LazyExoticComponent<ComponentType>;

const pages: Record<string, Page> = {
  company: lazy(async () => ({ default: (await import("./CompanyPage")).CompanyPage })),
  users: lazy(async () => ({ default: (await import("./UsersPage")).UsersPage })),
  organisation: lazy(async () => ({
    default: (await import("../organisation/pages/OrganisationPage")).OrganisationPage,
  })),
  roles: lazy(async () => ({ default: (await import("../roles/pages/RolesPage")).RolesPage })),
  queues: lazy(async () => ({ default: (await import("./QueuesPage")).QueuesPage })),
  numbers: lazy(async () => ({ default: (await import("./NumbersPage")).NumbersPage })),
  trunks: lazy(async () => ({ default: (await import("./TrunksPage")).TrunksPage })),
  telephones: lazy(async () => ({ default: (await import("./TelephonesPage")).TelephonesPage })),
  outbound: lazy(async () => ({ default: (await import("./OutboundPage")).OutboundPage })),
  hours: lazy(async () => ({ default: (await import("./HoursPage")).HoursPage })),
  "sign-in": lazy(async () => ({ default: (await import("../sign-in/SignInPage")).SignInPage })),
  retention: lazy(async () => ({ default: (await import("../retention/RetentionPage")).RetentionPage })),
  keys: lazy(async () => ({ default: (await import("../integrations/keys/ApiKeysPage")).ApiKeysPage })),
  webhooks: lazy(async () => ({
    default: (await import("../integrations/webhooks/WebhooksPage")).WebhooksPage,
  })),
  deliveries: lazy(async () => ({
    default: (await import("../integrations/webhooks/DeliveriesPage")).DeliveriesPage,
  })),
  "external-services": lazy(async () => ({
    default: (await import("../external-services/ServicesPage")).ServicesPage,
  })),
  "flow-messages": lazy(async () => ({
    default: (await import("../external-services/MessagesPage")).MessagesPage,
  })),
  connectors: lazy(async () => ({
    default: (await import("../integrations/connectors/ConnectorsPage")).ConnectorsPage,
  })),
  "connector-tasks": lazy(async () => ({
    default: (await import("../integrations/connectors/ConnectorTasksPage")).ConnectorTasksPage,
  })),
  inbound: lazy(async () => ({ default: (await import("../integrations/inbound/InboundPage")).InboundPage })),
  embedding: lazy(async () => ({
    default: (await import("../integrations/embedding/EmbeddingPage")).EmbeddingPage,
  })),
  "screen-pop": lazy(async () => ({
    default: (await import("../integrations/screen-pop/ScreenPopPage")).ScreenPopPage,
  })),
  "file-exchange": lazy(async () => ({
    default: (await import("../file-exchange/FileExchangePage")).FileExchangePage,
  })),
  "file-runs": lazy(async () => ({
    default: (await import("../file-exchange/FileRunsPage")).FileRunsPage,
  })),
  speech: lazy(async () => ({ default: (await import("../speech/SpeechPage")).SpeechPage })),
  interfaces: lazy(async () => ({ default: (await import("../interfaces/InterfacesPage")).InterfacesPage })),
  bans: lazy(async () => ({ default: (await import("../bans/BansPage")).BansPage })),
  reasons: lazy(async () => ({ default: (await import("./ReasonsPage")).ReasonsPage })),
  dispositions: lazy(async () => ({ default: (await import("./DispositionsPage")).DispositionsPage })),
  checklists: lazy(async () => ({
    default: (await import("../assistance/ChecklistsPage")).ChecklistsPage,
  })),
  recommendations: lazy(async () => ({
    default: (await import("../assistance/RecommendationsPage")).RecommendationsPage,
  })),
  replies: lazy(async () => ({ default: (await import("../assistance/RepliesPage")).SharedRepliesPage })),
  flows: lazy(async () => ({ default: (await import("../flows/pages/FlowsPage")).FlowsPage })),
  prompts: lazy(async () => ({ default: (await import("../flows/pages/PromptsPage")).PromptsPage })),
  fields: lazy(async () => ({ default: (await import("../fields/pages/FieldsPage")).FieldsPage })),
  classes: lazy(async () => ({ default: (await import("../customer-settings/ClassesPage")).ClassesPage })),
  tags: lazy(async () => ({ default: (await import("../customer-settings/TagsPage")).TagsPage })),
  products: lazy(async () => ({ default: (await import("../customer-settings/ProductsPage")).ProductsPage })),
  "contact-classes": lazy(async () => ({
    default: (await import("../routing/ContactClassesPage")).ContactClassesPage,
  })),
  "routing-rules": lazy(async () => ({
    default: (await import("../routing/RoutingRulesPage")).RoutingRulesPage,
  })),
  "try-routing": lazy(async () => ({ default: (await import("../rehearsal/TryPage")).TryPage })),
  entries: lazy(async () => ({ default: (await import("../entries/EntryRulesPage")).EntryRulesPage })),
  "rule-trials": lazy(async () => ({
    default: (await import("../rule-trials/RuleTrialsPage")).RuleTrialsPage,
  })),
  "rest-rules": lazy(async () => ({
    default: (await import("../agent-life/RestRulesPage")).RestRulesPage,
  })),
  "skill-matrix": lazy(async () => ({
    default: (await import("../routing/SkillMatrixPage")).SkillMatrixPage,
  })),
  audit: lazy(async () => ({ default: (await import("../audit/pages/AuditPage")).AuditPage })),
};

/** The page of the section that the address names. */
export function SettingsSection() {
  const { section = "" } = useParams({ strict: false }) as { section?: string };
  const Section = pages[section];
  if (!Section) throw notFound();
  return <Section key={section} />;
}
