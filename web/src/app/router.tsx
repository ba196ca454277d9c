import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { hasRight, type Right, sessionQuery } from "@/api/session";
import { readSettingsSearch } from "@/features/admin/settings-search";
import { readAnnouncementsSearch } from "@/features/announcements/model/search";
import { readCallbacksSearch } from "@/features/callbacks/model/search";
import { readCareRulesSearch } from "@/features/care/model/search";
import { readDuplicatesSearch } from "@/features/customers/duplicates/model/search";
import { readCustomersSearch } from "@/features/customers/model/search";
import { readListsSearch } from "@/features/customers/number-lists/model/search";
import { readExportSearch, readImportSearch } from "@/features/exchange/model/search";
import { readContactsSearch } from "@/features/interactions/model/search";
import { readIvrSearch } from "@/features/ivr/model/search";
import { readLiveSearch } from "@/features/monitor/model/search";
import { readErasuresSearch } from "@/features/privacy/model/search";
import { readRecordingsSearch } from "@/features/recordings/model/search";
import { readSurveysSearch } from "@/features/surveys/model/search";
import { readTasksSearch } from "@/features/tasks/model/search";
import { readTimelineSearch } from "@/features/timeline/model/search";
import { ErrorPage } from "./ErrorPage";
import { MissingPage, NotFoundPage } from "./NotFoundPage";
import { firstPage } from "./navigation";
import { PagePending } from "./PagePending";
import { queryClient } from "./query-client";
import { Shell } from "./Shell";
import { parseSearch, stringifySearch } from "./search-params";

interface RouterContext {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet });

/** Pages for somebody who is logged in stand below this one, inside the shell. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  component: Shell,
  notFoundComponent: MissingPage, // of a section that there is not
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session.is_new) throw redirect({ to: "/setup" });
    if (!session.user) throw redirect({ to: "/login", search: { next: location.href } });
    return { user: session.user };
  },
});

/** Guard a page: without the right the reader is sent to the first page that is theirs. */
function needs(right: Right) {
  return ({ context }: { context: { user: Parameters<typeof hasRight>[0] } }) => {
    if (!hasRight(context.user, right)) throw redirect({ to: firstPage(context.user) });
  };
}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  // asked anew: it also sets the cookie that the login must carry
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (session.is_new) throw redirect({ to: "/setup" });
    if (session.user) throw redirect({ to: "/" });
  },
  validateSearch: (search: Record<string, unknown>): { next?: string; problem?: string } => ({
    ...(typeof search.next === "string" && /^\/(?!\/)/.test(search.next) && { next: search.next }),
    ...(typeof search.problem === "string" &&
      /^[a-z_]+$/.test(search.problem) && { problem: search.problem }),
  }),
  component: lazyRouteComponent(() => import("@/features/login/pages/LoginPage"), "LoginPage"),
});

const indexRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: ({ context }) => {
    throw redirect({ to: firstPage(context.user) });
  },
});

const deskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/desk",
  beforeLoad: needs("desk"),
  component: lazyRouteComponent(() => import("@/features/desk/pages/DeskPage"), "DeskPage"),
});
const deskContactRoute = createRoute({ getParentRoute: () => deskRoute, path: "/c/$interaction" });

const customersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/customers",
  beforeLoad: needs("customers.read"),
  validateSearch: readCustomersSearch,
  component: lazyRouteComponent(() => import("@/features/customers/pages/CustomersPage"), "CustomersPage"),
});
const poolRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/customers/pool",
  beforeLoad: needs("customers.read"),
  validateSearch: readCustomersSearch,
  component: lazyRouteComponent(() => import("@/features/customers/pages/PoolPage"), "PoolPage"),
});
const listsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/customers/lists",
  beforeLoad: needs("customers.read"),
  validateSearch: readListsSearch,
  component: lazyRouteComponent(() => import("@/features/customers/pages/ListsPage"), "ListsPage"),
});
const duplicatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/customers/duplicates",
  beforeLoad: needs("customers.merge"),
  validateSearch: readDuplicatesSearch,
  component: lazyRouteComponent(() => import("@/features/customers/pages/DuplicatesPage"), "DuplicatesPage"),
});
const customerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/customers/$customer",
  beforeLoad: needs("customers.read"),
  validateSearch: readTimelineSearch,
  component: lazyRouteComponent(() => import("@/features/customers/pages/CustomerPage"), "CustomerPage"),
});

const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/tasks",
  beforeLoad: needs("customers.read"),
  validateSearch: readTasksSearch,
  component: lazyRouteComponent(() => import("@/features/tasks/pages/TasksPage"), "TasksPage"),
});

const careRulesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/care-rules",
  beforeLoad: needs("care.manage"),
  validateSearch: readCareRulesSearch,
  component: lazyRouteComponent(() => import("@/features/care/pages/CareRulesPage"), "CareRulesPage"),
});

const announcementsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/announcements",
  beforeLoad: needs("announcements.read"),
  validateSearch: readAnnouncementsSearch,
  component: lazyRouteComponent(
    () => import("@/features/announcements/pages/AnnouncementsPage"),
    "AnnouncementsPage",
  ),
});

const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/import",
  beforeLoad: needs("customers.import"),
  validateSearch: readImportSearch,
  component: lazyRouteComponent(() => import("@/features/exchange/pages/ImportPage"), "ImportPage"),
});

const exportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/exports",
  validateSearch: readExportSearch,
  component: lazyRouteComponent(() => import("@/features/exchange/exports/ExportsPage"), "ExportsPage"),
});

const erasuresRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/erasures",
  beforeLoad: needs("customers.erase"),
  validateSearch: readErasuresSearch,
  component: lazyRouteComponent(() => import("@/features/privacy/pages/ErasuresPage"), "ErasuresPage"),
});
const erasureRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/erasures/$erasure",
  beforeLoad: needs("customers.erase"),
  component: lazyRouteComponent(() => import("@/features/privacy/pages/CertificatePage"), "CertificatePage"),
});

const contactsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/interactions",
  beforeLoad: needs("interactions.read"),
  validateSearch: readContactsSearch,
  component: lazyRouteComponent(() => import("@/features/interactions/pages/ContactsPage"), "ContactsPage"),
});
const contactRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/interactions/$interaction",
  beforeLoad: needs("interactions.read"),
  component: lazyRouteComponent(() => import("@/features/interactions/pages/ContactPage"), "ContactPage"),
});

const recordingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/recordings",
  beforeLoad: needs("recordings.read"),
  validateSearch: readRecordingsSearch,
  component: lazyRouteComponent(() => import("@/features/recordings/pages/RecordingsPage"), "RecordingsPage"),
});

const ivrRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/ivr",
  beforeLoad: needs("figures.read"),
  validateSearch: readIvrSearch,
  component: lazyRouteComponent(() => import("@/features/ivr/pages/IvrPage"), "IvrPage"),
});

const surveysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/surveys",
  beforeLoad: needs("interactions.read"),
  validateSearch: readSurveysSearch,
  component: lazyRouteComponent(() => import("@/features/surveys/pages/SurveysPage"), "SurveysPage"),
});

const callbacksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/callbacks",
  beforeLoad: needs("callbacks.read"),
  validateSearch: readCallbacksSearch,
  component: lazyRouteComponent(() => import("@/features/callbacks/pages/CallbacksPage"), "CallbacksPage"),
});

const liveRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/live",
  beforeLoad: needs("live.read"),
  validateSearch: readLiveSearch,
  component: lazyRouteComponent(() => import("@/features/monitor/pages/LivePage"), "LivePage"),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  component: lazyRouteComponent(() => import("@/features/setup/pages/FirstRunPage"), "FirstRunPage"),
});

const adminRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/admin",
  beforeLoad: needs("admin"),
  component: lazyRouteComponent(() => import("@/features/admin/pages/SettingsLayout"), "SettingsLayout"),
});
const adminIndexRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/$section", params: { section: "users" } });
  },
});
const adminSetupRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/setup",
  component: lazyRouteComponent(() => import("@/features/setup/pages/ChecklistPage"), "ChecklistPage"),
});
const adminFlowRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/flows/$flow",
  component: lazyRouteComponent(() => import("@/features/admin/flows/pages/FlowPage"), "FlowPage"),
});
const adminImportsRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/imports",
  validateSearch: readImportSearch,
  component: lazyRouteComponent(() => import("@/features/exchange/pages/ImportsPage"), "ImportsPage"),
});
const adminExportsRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/exports",
  validateSearch: readExportSearch,
  component: lazyRouteComponent(() => import("@/features/exchange/exports/AllExportsPage"), "AllExportsPage"),
});
const adminErasuresRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/erasures",
  validateSearch: readErasuresSearch,
  component: lazyRouteComponent(() => import("@/features/privacy/pages/AllErasuresPage"), "AllErasuresPage"),
});
const adminSectionRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/$section",
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import("@/features/admin/pages/SettingsSection"), "SettingsSection"),
});

const devicesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/me/devices",
  component: lazyRouteComponent(() => import("@/features/me/pages/DevicesPage"), "DevicesPage"),
});

const repliesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/me/replies",
  beforeLoad: needs("desk"),
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import("@/features/admin/assistance/RepliesPage"), "OwnRepliesPage"),
});

const shortcutsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/me/shortcuts",
  component: lazyRouteComponent(() => import("@/features/me/pages/ShortcutsPage"), "ShortcutsPage"),
});

const passwordRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/me/password",
  component: lazyRouteComponent(() => import("@/features/me/pages/PasswordPage"), "PasswordPage"),
});

const securityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/me/security",
  component: lazyRouteComponent(() => import("@/features/me/pages/SecurityPage"), "SecurityPage"),
});

/** Whatever no other route is: who is logged in keeps the shell, with the call that may be running. */
const missingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "$",
  component: MissingPage,
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  setupRoute,
  shellRoute.addChildren([
    indexRoute,
    deskRoute.addChildren([deskContactRoute]),
    customersRoute,
    poolRoute,
    listsRoute,
    duplicatesRoute,
    customerRoute,
    tasksRoute,
    careRulesRoute,
    announcementsRoute,
    importRoute,
    exportsRoute,
    erasuresRoute,
    erasureRoute,
    contactsRoute,
    contactRoute,
    recordingsRoute,
    callbacksRoute,
    surveysRoute,
    ivrRoute,
    liveRoute,
    adminRoute.addChildren([
      adminIndexRoute,
      adminSetupRoute,
      adminFlowRoute,
      adminImportsRoute,
      adminExportsRoute,
      adminErasuresRoute,
      adminSectionRoute,
    ]),
    devicesRoute,
    repliesRoute,
    shortcutsRoute,
    passwordRoute,
    securityRoute,
    missingRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPendingComponent: PagePending,
  defaultPendingMs: 300,
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
