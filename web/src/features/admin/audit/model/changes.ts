export interface Change {
  field: string;
  /** the field's own name, where `field` tells the way to it in words */
  step?: string;
  /** undefined: the field was not there */
  before: unknown;
  after: unknown;
}

type Fields = Readonly<Record<string, unknown>> | null;

/** What an entry changed, field by field; of a thing that was made or deleted only what it had. */
export function toChanges(before: Fields, after: Fields): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .map((field) => ({ field, before: before?.[field], after: after?.[field] }))
    .filter((change) => isTold(change.before) || isTold(change.after));
}

export function isTold(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** "flow.draft_saved" to what was done ("draft_saved") and to what ("flow"); "login" stands alone. */
export function toActionWords(action: string): { verb: string; kind: string | null } {
  const [kind, verb] = action.split(".", 2);
  return verb === undefined ? { verb: action, kind: null } : { verb, kind: kind ?? null };
}

/** From the first instant of `from` to the last of `to` (days on the company's clock), as the API takes them. */
export function toInstants(from: string | undefined, to: string | undefined, timeZone: string) {
  return {
    ...(from && { from: startOfDay(from, timeZone) }),
    ...(to && { to: startOfDay(dayAfter(to), timeZone) }),
  };
}

const DAY_MS = 86_400_000;

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}

/** Midnight of `day` in `timeZone`. The offset is taken at the guessed instant and once more at the corrected one. */
function startOfDay(day: string, timeZone: string): string {
  const wall_ms = Date.parse(`${day}T00:00:00Z`);
  let instant_ms = wall_ms;
  for (let round = 0; round < 2; round += 1) instant_ms = wall_ms - offset_ms(instant_ms, timeZone);
  return new Date(instant_ms).toISOString();
}

function offset_ms(instant_ms: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(instant_ms);
  const part = (name: string) => Number(shown.find(({ type }) => type === name)?.value);
  return (
    Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) -
    instant_ms
  );
}
