import "@fontsource-variable/inter/index.css";
import "../app/theme/tokens.css";
import "../app/theme/base.css";
import { createRoot } from "react-dom/client";
import { isLanguage, startI18n } from "@/app/i18n";
import { Providers } from "@/app/Providers";
import { showTheme } from "@/app/theme/theme";
import { chooseCookies } from "@/features/embedding/model/cookies";
import { EmbeddedTelephone } from "@/features/embedding/pages/EmbeddedTelephone";
import { lendNonceToStyles } from "@/lib/csp";
import { reloadForNewVersion } from "@/lib/new-version";

const root = document.getElementById("root");
if (!root) throw new Error("embedded-telephone.html has no #root");
const company = decodeURIComponent(/^\/embed\/([^/]+)\//.exec(location.pathname)?.[1] ?? "").toLowerCase();
// The page around looks as it looks: what it asks for here is not remembered for the desk.
const asked = new URLSearchParams(location.search);
const language = asked.get("language");
const theme = asked.get("theme");
lendNonceToStyles();
reloadForNewVersion();
if (theme === "light" || theme === "dark") showTheme(theme);
const isOfAnotherSite = chooseCookies();
await startI18n(isLanguage(language) ? language : undefined);
createRoot(root).render(
  <Providers>
    <EmbeddedTelephone company={company} isOfAnotherSite={isOfAnotherSite} />
  </Providers>,
);
