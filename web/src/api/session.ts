import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "./client";

export type Session = Schema<"SessionOut">;
export type SessionUser = NonNullable<Session["user"]>;

/** What a role may do; the server checks them all again. */
export type Right =
  | "desk"
  | "customers.read"
  | "customers.write"
  | "customers.import"
  | "customers.export"
  | "customers.merge"
  | "customers.erase"
  | "interactions.export"
  | "callbacks.read"
  | "callbacks.manage"
  | "lists.export"
  | "exports.approve"
  | "interactions.read"
  | "live.read"
  | "recordings.read"
  | "numbers.clear"
  | "figures.read"
  | "calls.supervise"
  | "agents.force"
  | "waiting.intervene"
  | "waiting.pull"
  | "agents.lend"
  | "lists.write"
  | "customers.assign"
  | "customers.settings"
  | "followups.read"
  | "care.manage"
  | "announcements.read"
  | "notices.write"
  | "bulletin.write"
  | "forum.write"
  | "forum.moderate"
  | "admin"
  | "fields.write"
  | "views.share"
  | "audit.read";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => bodyOf(api.GET("/api/session")),
  staleTime: Number.POSITIVE_INFINITY,
  retry: 2,
});

/** Who is logged in. Inside the shell there always is somebody; outside, null. */
export function useUser(): SessionUser | null {
  return useQuery(sessionQuery).data?.user ?? null;
}

/** Rights besides "... .read" that open pages or show more; the others are for acting. */
const SEEING: ReadonlySet<Right> = new Set(["admin", "care.manage", "desk", "numbers.clear"]);

/** Whether somebody looks with another's eyes: then everything can be seen and nothing changed. */
export function useIsViewing(): boolean {
  return Boolean(useQuery(sessionQuery).data?.viewing);
}

/** Whether what a right is for may be offered. Nobody who looks with other eyes is offered what would be refused. */
export function useRight(right: Right): boolean {
  const isIdle = useIsViewing() && !right.endsWith(".read") && !SEEING.has(right);
  return hasRight(useUser(), right) && !isIdle;
}

export function hasRight(user: SessionUser | null | undefined, right: Right): boolean {
  return user?.rights.includes(right) ?? false;
}

/** Whether a right reaches beyond the user's own things. */
export function useReachesOthers(right: Right): boolean {
  const scope = useUser()?.scopes[right];
  return scope !== undefined && scope !== "own";
}

/** Whether a right holds for the whole company. */
export function useReachesAll(right: Right): boolean {
  return useUser()?.scopes[right] === "all";
}

export type FieldAccess = "hide" | "mask" | "read" | "write";

/** How far one's role may see and change the fields of a subject ("customer"); what is not named may be written. */
export function useFieldAccess(subject: string): (field: string) => FieldAccess {
  const fields: Record<string, string> = useUser()?.fields ?? {};
  return (field) => (fields[`${subject}.${field}`] ?? "write") as FieldAccess;
}

/** The company's time zone: every instant on every page is shown on this clock. */
export function useTimeZone(): string {
  return useQuery(sessionQuery).data?.company?.time_zone ?? "Asia/Shanghai";
}
