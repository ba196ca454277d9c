/** How one user's desk is set up: kept by the server, so that it is so on every machine, and here for the next start. */
import { type Panels, usePanels } from "@/lib/panels";
import { type Keys, useShortcuts } from "@/lib/shortcuts";
import { type Sound, useSounds } from "@/lib/sounds";
import { api, bodyOf, type Schema } from "./client";

type Stored = Schema<"DeskPreferencesIO">;

const SAVE_AFTER_MS = 600;
const keyOf = (user: number) => `zhiyin.desk.${user}`;

let owner: number | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function show(stored: Stored): void {
  useShortcuts.setState({ isOn: stored.are_shortcuts_on, changed: stored.shortcuts as Keys });
  useSounds.setState({ byQueue: stored.sounds });
  usePanels.setState(stored.panels);
}

function current(): Stored {
  const { isOn, changed } = useShortcuts.getState();
  return {
    are_shortcuts_on: isOn,
    shortcuts: changed as Stored["shortcuts"],
    sounds: useSounds.getState().byQueue,
    panels: usePanels.getState(),
  };
}

/** Set the desk up for a user: at once as this machine remembers it, then as the server has it. */
export async function loadPreferences(user: number): Promise<void> {
  owner = user;
  const remembered = localStorage.getItem(keyOf(user));
  if (remembered) show(JSON.parse(remembered) as Stored);
  const stored = await bodyOf(api.GET("/api/session/desk-preferences"));
  if (owner !== user || timer !== undefined) return; // changed here meanwhile: that is newer
  localStorage.setItem(keyOf(user), JSON.stringify(stored));
  show(stored);
}

function save(): void {
  if (owner === null) return;
  localStorage.setItem(keyOf(owner), JSON.stringify(current()));
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = undefined;
    api.PUT("/api/session/desk-preferences", { body: current() }).catch(() => undefined); // stays on this machine
  }, SAVE_AFTER_MS);
}

export function setPanels(panels: Partial<Panels>): void {
  usePanels.setState(panels);
  save();
}

export function setShortcuts(changes: { isOn?: boolean; changed?: Keys }): void {
  useShortcuts.setState(changes);
  save();
}

export function setSound(queue: number, sound: Sound): void {
  useSounds.setState(({ byQueue }) => ({ byQueue: { ...byQueue, [queue]: sound } }));
  save();
}
