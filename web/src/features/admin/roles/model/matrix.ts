/** The permission matrix: pure, without React. */
import type { Schema } from "@/api/client";
import type { GrantableField, GrantableRight, Role } from "./queries";

export type Scope = NonNullable<Schema<"RolePatchIn">["rights"]>[string];
export type Access = NonNullable<Schema<"RolePatchIn">["fields"]>[string];

export const SCOPES: readonly Scope[] = ["own", "team", "department", "all"];
/** How wide the columns are, in pixels: the name at the left, and each role. */
export const NAME_WIDTH = 260;
export const ROLE_WIDTH = 150;

export const ACCESSES: readonly Access[] = ["hide", "mask", "read", "write"];

/** The rights in their groups, in the order of the catalogue. */
export function grouped(rights: readonly GrantableRight[]): [string, GrantableRight[]][] {
  const groups = new Map<string, GrantableRight[]>();
  for (const right of rights) groups.set(right.group, [...(groups.get(right.group) ?? []), right]);
  return [...groups];
}

/** A role's rights with one given a scope, or taken away (null). */
export function withRight(role: Role, right: string, scope: Scope | null): Record<string, Scope> {
  const { [right]: _, ...others } = role.rights as Record<string, Scope>;
  return scope === null ? others : { ...others, [right]: scope };
}

/** A role's field rights with one changed; what may be written needs no mention. */
export function withField(role: Role, field: string, access: Access): Record<string, Access> {
  const { [field]: _, ...others } = role.fields as Record<string, Access>;
  return access === "write" ? others : { ...others, [field]: access };
}

/** What a field may be set to: only text can be masked. */
export function accessesOf(field: GrantableField): readonly Access[] {
  return field.can_mask ? ACCESSES : ACCESSES.filter((access) => access !== "mask");
}
