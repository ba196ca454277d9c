/** When the server was upgraded under an open page, parts that load later are gone: fetch the page anew, once. */

const KEY = "zhiyin.reloaded-at";
/** A part that is missing right after such a reload is missing for good; the error page then says so. */
const ONCE_WITHIN_MS = 60_000;

export function reloadForNewVersion(
  now_ms: () => number = Date.now,
  reload: () => void = () => location.reload(),
): void {
  window.addEventListener("vite:preloadError", (event) => {
    const before_ms = Number(sessionStorage.getItem(KEY) ?? 0);
    if (now_ms() - before_ms < ONCE_WITHIN_MS) return;
    sessionStorage.setItem(KEY, String(now_ms()));
    event.preventDefault();
    reload();
  });
}
