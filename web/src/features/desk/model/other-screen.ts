const KEY = "zhiyin-opened-screens";
const REMEMBERED = 20;

/** Whether a contact's page was not opened by itself before, in this tab: reloading the desk opens nothing again. */
export function isFirstOpening(interaction: string, storage: Pick<Storage, "getItem" | "setItem">): boolean {
  const opened = (storage.getItem(KEY) ?? "").split(" ").filter(Boolean);
  if (opened.includes(interaction)) return false;
  storage.setItem(KEY, [...opened, interaction].slice(-REMEMBERED).join(" "));
  return true;
}
