import "../app/theme/tokens.css";
import "../app/theme/base.css";
import { createRoot } from "react-dom/client";
import { tokenIn } from "./booking/model";
import { CallUsPage } from "./CallUsPage";

const root = document.getElementById("root");
if (!root) throw new Error("call-us.html has no #root");
const company = decodeURIComponent(/^\/call-us\/([^/]+)/.exec(location.pathname)?.[1] ?? "");
createRoot(root).render(<CallUsPage company={company} token={tokenIn(location.pathname)} />);
