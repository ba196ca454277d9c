import type { Channel } from "./channels";
import type { MatrixMembership, MatrixRow, MatrixRowChange } from "./resources";

/** How an agent serves a queue where nobody says otherwise. */
export const PLAIN_MEMBERSHIP: MatrixMembership = { order: 1, delay_s: 0, tier: 1, share: 1 };

export type MatrixKind = "skills" | "capacity" | "queues";

/** What was typed and is not saved yet, by user. */
export type Drafts = Readonly<Record<number, MatrixRowChange>>;

function of(drafts: Drafts, user: number): Required<MatrixRowChange> {
  const { skills = {}, queues = {}, limits = {} } = drafts[user] ?? { user };
  return { user, skills, queues, limits };
}

/** Set a level, or (null) take the skill away, of several users; what is so already is no change. */
export function withSkill(
  drafts: Drafts,
  rows: readonly MatrixRow[],
  code: string,
  level: number | null,
): Drafts {
  return rows.reduce((found, row) => {
    const { skills, ...rest } = of(found, row.id);
    const { [code]: _, ...others } = skills;
    const isSame = (row.skills[code] ?? null) === level;
    return put(found, { ...rest, skills: isSame ? others : { ...others, [code]: level } });
  }, drafts);
}

/** Set how many contacts of a channel several users have at once, or (null) let the company's limit hold. */
export function withLimit(
  drafts: Drafts,
  rows: readonly MatrixRow[],
  channel: Channel,
  limit: number | null,
): Drafts {
  return rows.reduce((found, row) => {
    const { limits, ...rest } = of(found, row.id);
    const { [channel]: _, ...others } = limits;
    const isSame = (row.limits[channel] ?? null) === limit;
    return put(found, { ...rest, limits: isSame ? others : { ...others, [channel]: limit } });
  }, drafts);
}

/** Let several users serve a queue in this way, or (null) no longer. */
export function withQueue(
  drafts: Drafts,
  rows: readonly MatrixRow[],
  queue: number,
  way: MatrixMembership | null,
): Drafts {
  return rows.reduce((found, row) => {
    const { queues, ...rest } = of(found, row.id);
    const { [queue]: _, ...others } = queues;
    const isSame = sameWay(row.queues[queue] ?? null, way);
    return put(found, { ...rest, queues: isSame ? others : { ...others, [queue]: way } });
  }, drafts);
}

function put(drafts: Drafts, change: Required<MatrixRowChange>): Drafts {
  const { [change.user]: _, ...others } = drafts;
  const cells = [change.skills, change.queues, change.limits];
  const isEmpty = cells.every((named) => Object.keys(named).length === 0);
  return isEmpty ? others : { ...others, [change.user]: change };
}

function sameWay(one: MatrixMembership | null, other: MatrixMembership | null): boolean {
  if (!one || !other) return one === other;
  return (
    one.order === other.order &&
    one.delay_s === other.delay_s &&
    one.tier === other.tier &&
    one.share === other.share
  );
}

export function levelOf(drafts: Drafts, row: MatrixRow, code: string): number | null {
  const drafted = drafts[row.id]?.skills?.[code];
  return drafted === undefined ? (row.skills[code] ?? null) : drafted;
}

export function limitOf(drafts: Drafts, row: MatrixRow, channel: Channel): number | null {
  const drafted = drafts[row.id]?.limits?.[channel];
  return drafted === undefined ? (row.limits[channel] ?? null) : drafted;
}

export function wayOf(drafts: Drafts, row: MatrixRow, queue: number): MatrixMembership | null {
  const drafted = drafts[row.id]?.queues?.[queue];
  return drafted === undefined ? (row.queues[queue] ?? null) : drafted;
}

export function isPlain(way: MatrixMembership): boolean {
  return sameWay(way, PLAIN_MEMBERSHIP);
}
