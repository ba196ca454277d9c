interface Choosable {
  id: number;
  name: string;
  username: string;
  is_active: boolean;
}

export interface UserOption {
  value: number;
  label: string;
}

/** Users to choose from, found by name or user name. Those who may not log in are offered only where already chosen. */
export function toUserOptions(
  users: readonly Choosable[] | undefined,
  chosen: readonly (number | null)[] = [],
): UserOption[] {
  return (users ?? [])
    .filter(({ id, is_active }) => is_active || chosen.includes(id))
    .map(({ id, name, username }) => ({
      value: id,
      label: name === username ? name : `${name} (${username})`,
    }));
}
