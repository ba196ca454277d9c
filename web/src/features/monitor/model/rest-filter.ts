/** A chosen agent or reason keeps its name: on other days it may not be among what is offered. */
export interface Chosen<Value> {
  value: Value;
  label: string;
}

/** What the rests are narrowed to. */
export interface RestFilter {
  team?: number | undefined;
  agent?: Chosen<number> | undefined;
  reason?: Chosen<string> | undefined;
}

/** What of the filter stands in the address that is asked. */
export function toQuery({ team, agent, reason }: RestFilter) {
  return {
    ...(team && { team }),
    ...(agent && { agent: agent.value }),
    ...(reason && { reason: reason.value }),
  };
}

/** All that can be chosen, each once, in the order given: who is there today, who rested then, what is chosen. */
export function offered<Value>(...groups: readonly (readonly Chosen<Value>[])[]): Chosen<Value>[] {
  const found = new Map<Value, Chosen<Value>>();
  for (const one of groups.flat()) if (!found.has(one.value)) found.set(one.value, one);
  return [...found.values()];
}
