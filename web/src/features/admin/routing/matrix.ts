import type { MatrixMembership, MatrixRow, MatrixRowChange } from "./resources";

/** How an agent serves a queue where nobody says otherwise. */
export const PLAIN_MEMBERSHIP: MatrixMembership = { order: 1, delay_s: 0, tier: 1, share: 1 };

/** What was typed and is not saved yet, by user. */
export type Drafts = Readonly<Record<number, MatrixRowChange>>;

function of(drafts: Drafts, user: number): Required<MatrixRowChange> {
  const { skills = {}, queues = {} } = drafts[user] ?? { user };
  return { user, skills, queues };
}

/** Set a level, or (null) take the skill away, of several users; what is so already is no change. */
export function withSkill(
  drafts: Drafts,
  rows: readonly MatrixRow[],
  code: string,
  level: number | null,
): Drafts {
  return rows.reduce((found, row) => {
    const { skills, queues } = of(found, row.id);
    const { [code]: _, ...others } = skills;
    const isSame = (row.skills[code] ?? null) === level;
    return put(found, { user: row.id, skills: isSame ? others : { ...others, [code]: level }, queues });
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
    const { skills, queues } = of(found, row.id);
    const { [queue]: _, ...others } = queues;
    const isSame = sameWay(row.queues[queue] ?? null, way);
    return put(found, { user: row.id, skills, queues: isSame ? others : { ...others, [queue]: way } });
  }, drafts);
}

function put(drafts: Drafts, change: Required<MatrixRowChange>): Drafts {
  const { [change.user]: _, ...others } = drafts;
  const isEmpty = Object.keys(change.skills).length + Object.keys(change.queues).length === 0;
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

export function wayOf(drafts: Drafts, row: MatrixRow, queue: number): MatrixMembership | null {
  const drafted = drafts[row.id]?.queues?.[queue];
  return drafted === undefined ? (row.queues[queue] ?? null) : drafted;
}

export function isPlain(way: MatrixMembership): boolean {
  return sameWay(way, PLAIN_MEMBERSHIP);
}
