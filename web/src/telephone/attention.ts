/** Calls for attention when the tab is not looked at: a desktop notification and a title that changes. */

export function mayNotify(): boolean {
  return typeof Notification !== "undefined" && Notification.permission === "granted";
}

/** Ask once, from a click; browsers refuse questions that come by themselves. */
export async function askToNotify(): Promise<void> {
  if (typeof Notification !== "undefined" && Notification.permission === "default")
    await Notification.requestPermission();
}

/** Show a notification that stays until withdrawn; a click brings the tab forward. Returns how to withdraw it. */
export function notify(title: string, body: string, tag: string): () => void {
  if (!mayNotify()) return () => undefined;
  const notification = new Notification(title, { body, tag, requireInteraction: true, icon: "/favicon.svg" });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
  return () => notification.close();
}

const FLASH_MS = 1000;

/** Let the tab's title change between itself and `text`. Returns how to stop. */
export function flashTitle(text: string): () => void {
  const title = document.title;
  document.title = text;
  const timer = setInterval(() => {
    document.title = document.title === text ? title : text;
  }, FLASH_MS);
  return () => {
    clearInterval(timer);
    document.title = title;
  };
}
