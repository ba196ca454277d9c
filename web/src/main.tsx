import "@fontsource-variable/inter/index.css";
import "./app/theme/tokens.css";
import "./app/theme/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startI18n } from "./app/i18n";
import { lendNonceToStyles } from "./lib/csp";
import { reloadForNewVersion } from "./lib/new-version";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
lendNonceToStyles();
reloadForNewVersion();
await startI18n();
createRoot(root).render(<App />);
