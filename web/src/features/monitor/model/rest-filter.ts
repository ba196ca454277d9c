/** What the rests are narrowed to. */
export interface RestFilter {
  team?: number | undefined;
  agent?: number | undefined;
  reason?: string | undefined;
}

/** What of the filter stands in the address that is asked. */
export function toQuery({ team, agent, reason }: RestFilter) {
  return { ...(team && { team }), ...(agent && { agent }), ...(reason && { reason }) };
}
