import {
  AudioLines,
  CalendarCheck,
  Gauge,
  Headset,
  type LucideIcon,
  Megaphone,
  PhoneCall,
  PhoneForwarded,
  Settings,
  Smile,
  UsersRound,
  Workflow,
} from "lucide-react";
import { hasRight, type Right, type SessionUser } from "@/api/session";

export interface NavigationItem {
  path: string;
  /** key of `navigation.*` in app/locales */
  label:
    | "desk"
    | "customers"
    | "tasks"
    | "contacts"
    | "callbacks"
    | "surveys"
    | "live"
    | "ivr"
    | "recordings"
    | "announcements"
    | "admin";
  icon: LucideIcon;
  right: Right;
}

/** The rail, from top to bottom. Whoever lacks the right does not see the item. */
const items: readonly NavigationItem[] = [
  { path: "/desk", label: "desk", icon: Headset, right: "desk" },
  { path: "/live", label: "live", icon: Gauge, right: "live.read" },
  { path: "/ivr", label: "ivr", icon: Workflow, right: "figures.read" },
  { path: "/customers", label: "customers", icon: UsersRound, right: "customers.read" },
  { path: "/tasks", label: "tasks", icon: CalendarCheck, right: "customers.read" },
  { path: "/interactions", label: "contacts", icon: PhoneCall, right: "interactions.read" },
  { path: "/callbacks", label: "callbacks", icon: PhoneForwarded, right: "callbacks.read" },
  { path: "/surveys", label: "surveys", icon: Smile, right: "interactions.read" },
  { path: "/recordings", label: "recordings", icon: AudioLines, right: "recordings.read" },
  { path: "/announcements", label: "announcements", icon: Megaphone, right: "announcements.read" },
  { path: "/admin", label: "admin", icon: Settings, right: "admin" },
];

export function navigationFor(user: SessionUser | null): readonly NavigationItem[] {
  return items.filter((item) => hasRight(user, item.right));
}

/** Where somebody lands after logging in. */
export function firstPage(user: SessionUser | null | undefined): string {
  const isAgent = user?.role === "agent";
  const mine = navigationFor(user ?? null);
  const preferred = isAgent ? mine[0] : (mine.find((item) => item.path !== "/desk") ?? mine[0]);
  return preferred?.path ?? "/me/password";
}
