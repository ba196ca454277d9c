import { ApiProblem } from "@/api/problem";

const KEY = "zhiyin-opened-screens";
const REMEMBERED = 20;

/** Whether a contact's page was not opened by itself before, in this tab: reloading the desk opens nothing again. */
export function isFirstOpening(interaction: string, storage: Pick<Storage, "getItem" | "setItem">): boolean {
  const opened = (storage.getItem(KEY) ?? "").split(" ").filter(Boolean);
  if (opened.includes(interaction)) return false;
  storage.setItem(KEY, [...opened, interaction].slice(-REMEMBERED).join(" "));
  return true;
}

/** A desk hears of a contact before it stands in the records: whether that is worth waiting for once more. */
export function isStoredSoon(tries: number, problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.status === 404 && tries < 15;
}
