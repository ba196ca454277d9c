/** Whom a quota of rests holds, as one value of a choice: pure. */
import type { RestPolicy } from "./queries";

export type Quota = RestPolicy["quotas"][number];
type Scope = Pick<Quota, "team" | "queue">;

export const EVERYBODY = "all";

export function scopeOf({ team, queue }: Scope): string {
  if (team != null) return `team:${team}`;
  return queue != null ? `queue:${queue}` : EVERYBODY;
}

export function readScope(chosen: string): Scope {
  const [kind, id] = chosen.split(":");
  return { team: kind === "team" ? Number(id) : null, queue: kind === "queue" ? Number(id) : null };
}
