import { expect, it, vi } from "vitest";
import { reloadForNewVersion } from "./new-version";

it("reloads once when a part is gone, and not again and again", () => {
  let now_ms = 1_000_000;
  const reload = vi.fn();
  reloadForNewVersion(() => now_ms, reload);
  window.dispatchEvent(new Event("vite:preloadError", { cancelable: true }));
  now_ms += 5000;
  window.dispatchEvent(new Event("vite:preloadError", { cancelable: true }));
  expect(reload).toHaveBeenCalledOnce();
  now_ms += 60_000;
  window.dispatchEvent(new Event("vite:preloadError", { cancelable: true }));
  expect(reload).toHaveBeenCalledTimes(2);
});
