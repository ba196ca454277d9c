/** In a frame of another site the browser keeps no ordinary cookies: there the session needs ones of that site alone (CHIPS). */
import { api } from "@/api/client";

const PROBE = "zhiyin_probe=1";
const OF_SAME_SITE = "SameSite=Lax; Path=/embed";

/** Whether this page stands in a frame of another site. Asked of the browser, who alone knows what a site is. */
function isOfAnotherSite(): boolean {
  if (window.parent === window) return false;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API tells nothing of SameSite, nor is it everywhere
  document.cookie = `${PROBE}; ${OF_SAME_SITE}`;
  const isKept = document.cookie.includes(PROBE);
  // biome-ignore lint/suspicious/noDocumentCookie: as above
  document.cookie = `${PROBE}; ${OF_SAME_SITE}; Max-Age=0`;
  return !isKept;
}

/** Before the first request: have the server set cookies that work where this page stands. Returns whether it must. */
export function chooseCookies(): boolean {
  if (!isOfAnotherSite()) return false;
  api.use({
    onRequest({ request }) {
      request.headers.set("X-Zhiyin-Cookies", "partitioned");
      return request;
    },
  });
  return true;
}
